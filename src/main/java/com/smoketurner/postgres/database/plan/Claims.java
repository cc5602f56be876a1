package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.RoleSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where older PostgresDatabases of the same cluster and namespace have the say: the younger of two gives way, whoever asked for what
 * later. Between namespaces the registry decides: nobody gets what another one has.
 *
 * @param database why the database is not this resource's
 * @param roles why roles are not, by their names
 * @param live {@code namespace/name} of all other resources of the cluster that are not being deleted
 */
public record Claims(Optional<String> database, Map<String, String> roles, Set<String> live) {

    public static final Claims NONE = new Claims(Optional.empty(), Map.of(), Set.of());

    private static final Comparator<PostgresDatabase> BY_AGE = Comparator.comparing((PostgresDatabase other) ->
                    Objects.requireNonNullElse(other.getMetadata().getCreationTimestamp(), ""))
            .thenComparing(Claims::id);

    /**
     * The claims against a resource.
     *
     * @param others those of the same cluster, as far as it accepts them; may include the resource itself
     */
    public static Claims of(PostgresDatabase mine, Collection<PostgresDatabase> others) {
        List<PostgresDatabase> present = others.stream()
                .filter(other -> !id(other).equals(id(mine)))
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .toList();
        List<PostgresDatabase> older = present.stream()
                .filter(other -> Objects.equals(
                        mine.getMetadata().getNamespace(), other.getMetadata().getNamespace()))
                .filter(other -> BY_AGE.compare(other, mine) < 0)
                .sorted(BY_AGE)
                .toList();
        Map<String, String> roles = new TreeMap<>();
        for (PostgresDatabase other : older) {
            for (RoleSpec role : mine.getSpec().roles()) {
                against(role, other).ifPresent(why -> roles.putIfAbsent(role.name(), why));
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
                roles,
                present.stream().map(Claims::id).collect(Collectors.toSet()));
    }

    private static Optional<String> against(RoleSpec role, PostgresDatabase other) {
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

    /** {@code namespace/name} of a resource. */
    public static String id(PostgresDatabase resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }
}
