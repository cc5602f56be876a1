package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.RoleSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where older PostgresDatabases of the same cluster have the say: the younger of two gives way, whoever asked for what later.
 *
 * @param database why the database is not this resource's
 * @param roles why roles are not, by their names
 */
public record Claims(Optional<String> database, Map<String, String> roles) {

    public static final Claims NONE = new Claims(Optional.empty(), Map.of());

    private static final Comparator<PostgresDatabase> BY_AGE = Comparator.comparing((PostgresDatabase other) ->
                    Objects.requireNonNullElse(other.getMetadata().getCreationTimestamp(), ""))
            .thenComparing(Claims::id);

    /**
     * The claims against a resource.
     *
     * @param others those that refer to the same cluster; may include the resource itself
     */
    public static Claims of(PostgresDatabase mine, Collection<PostgresDatabase> others) {
        List<PostgresDatabase> older = others.stream()
                .filter(other -> !id(other).equals(id(mine)))
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> BY_AGE.compare(other, mine) < 0)
                .sorted(BY_AGE)
                .toList();
        Map<String, String> roles = new TreeMap<>();
        for (PostgresDatabase other : older) {
            for (RoleSpec role : mine.getSpec().roles()) {
                against(role, mine, other).ifPresent(why -> roles.putIfAbsent(role.name(), why));
            }
            String owner = mine.getSpec().database().owner();
            if (elsewhere(mine, other) && names(other, owner)) {
                roles.putIfAbsent(owner, foreign(owner, other));
            }
        }
        return new Claims(
                older.stream()
                        .filter(other -> other.getSpec()
                                .database()
                                .name()
                                .equals(mine.getSpec().database().name()))
                        .findFirst()
                        .map(other -> "database \"%s\" is that of PostgresDatabase %s; delete one of the two"
                                .formatted(mine.getSpec().database().name(), id(other))),
                roles);
    }

    private static Optional<String> against(RoleSpec role, PostgresDatabase mine, PostgresDatabase other) {
        if (elsewhere(mine, other)) {
            return names(other, role.name()) ? Optional.of(foreign(role.name(), other)) : Optional.empty();
        }
        return other.getSpec().roles().stream()
                .filter(theirs -> theirs.name().equals(role.name()))
                .findFirst()
                .flatMap(theirs -> {
                    if (!WantedRole.of(role, Optional.empty()).equals(WantedRole.of(theirs, Optional.empty()))) {
                        return Optional.of(
                                "PostgresDatabase %s describes role \"%s\" with other attributes or memberships; make both the same"
                                        .formatted(id(other), role.name()));
                    }
                    return role.secretName() != null && theirs.secretName() != null
                            ? Optional.of(
                                    "the password of role \"%s\" is in the Secret of PostgresDatabase %s; remove one secretName"
                                            .formatted(role.name(), id(other)))
                            : Optional.empty();
                });
    }

    private static boolean names(PostgresDatabase resource, String role) {
        return resource.getSpec().database().owner().equals(role)
                || resource.getSpec().roles().stream()
                        .anyMatch(other -> other.name().equals(role));
    }

    private static String foreign(String role, PostgresDatabase other) {
        return "role \"%s\" is that of a PostgresDatabase in namespace %s; use another name"
                .formatted(role, other.getMetadata().getNamespace());
    }

    private static boolean elsewhere(PostgresDatabase one, PostgresDatabase other) {
        return !Objects.equals(
                one.getMetadata().getNamespace(), other.getMetadata().getNamespace());
    }

    private static String id(PostgresDatabase resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }
}
