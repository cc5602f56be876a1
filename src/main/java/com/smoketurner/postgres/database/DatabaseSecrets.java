package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.RoleSpec;
import com.smoketurner.postgres.database.plan.Problem;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.kube.ResourceConflict;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.postgres.PasswordSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The Secrets of one PostgresDatabase: reads the passwords, generates those that are missing, and writes what follows from them. */
final class DatabaseSecrets {

    private static final String CA = "ca.crt";

    private final PostgresDatabase database;
    private final Applier applier;
    private final Map<String, Optional<Secret>> found = new LinkedHashMap<>();
    private final Map<String, String> passwords = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> created = new ArrayList<>();

    /** @param known whether there is a PostgresDatabase */
    DatabaseSecrets(PostgresDatabase database, Applier applier, PasswordSource source, Predicate<ResourceID> known) {
        this.database = database;
        this.applier = applier;
        for (RoleSpec role : database.getSpec().roles()) {
            String name = role.secretName();
            if (name != null) {
                Optional<Secret> secret =
                        applier.find(Secret.class, database.getMetadata().getNamespace(), name);
                found.put(role.name(), secret);
                switch (RoleSecret.read(database, role.name(), name, secret, known)) {
                    case RoleSecret.Password(String password) -> passwords.put(role.name(), password);
                    case RoleSecret.None() -> passwords.put(role.name(), source.next());
                    case RoleSecret.Unusable(String why) -> problems.add(conflict(why));
                }
            }
        }
    }

    /** The passwords that roles are to have, by their names. */
    Map<String, String> passwords() {
        return passwords;
    }

    List<Problem> problems() {
        return problems;
    }

    /** That roles cannot log in with their Secrets, if there are any such. */
    Optional<Problem> unusable(Set<String> valid) {
        List<String> roles = passwords.keySet().stream()
                .filter(role -> !valid.contains(role))
                .sorted()
                .toList();
        return roles.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        DatabaseConditionType.SECRETS_CREATED,
                        DatabaseReason.WAITING,
                        "roles that cannot log in with their Secrets, see RolesCreated and their login: "
                                + String.join(", ", roles)));
    }

    /** Names of Secrets that were created. */
    List<String> created() {
        return created;
    }

    /**
     * Writes the Secrets of roles that can log in, and removes those that are no longer wanted.
     *
     * @return names of all that are complete, the owner's first
     */
    List<String> write(ServedCluster cluster, Set<String> valid, List<Secret> present) {
        String authorities = cluster.tls() && !valid.isEmpty() ? authorities(cluster) : "";
        List<String> complete = new ArrayList<>();
        for (RoleSpec role : database.getSpec().roles()) {
            String name = role.secretName();
            String password = passwords.get(role.name());
            if (name == null || password == null || !valid.contains(role.name())) {
                continue;
            }
            if (write(cluster, role.name(), name, password, authorities)) {
                boolean owner = role.name().equals(database.getSpec().database().owner());
                complete.add(owner ? 0 : complete.size(), name);
            }
        }
        removeOthers(present);
        return List.copyOf(complete);
    }

    private boolean write(ServedCluster cluster, String role, String name, String password, String authorities) {
        Optional<Secret> before = Objects.requireNonNull(found.get(role));
        Secret desired = RoleSecret.desired(database, cluster, role, name, password, before, authorities);
        try {
            if (before.isPresent()) {
                applier.ensureFollows(desired, before.get());
            } else {
                applier.ensure(desired);
                created.add(name);
            }
            return true;
        } catch (ResourceConflict e) {
            problems.add(conflict("Secret %s was created by somebody else in the meantime; the operator tries again"
                    .formatted(name)));
            return false;
        }
    }

    private void removeOthers(List<Secret> present) {
        Set<String> wanted = new HashSet<>();
        database.getSpec().roles().forEach(role -> wanted.add(String.valueOf(role.secretName())));
        present.stream()
                .filter(secret -> Metadata.controls(database, secret))
                .map(secret -> secret.getMetadata().getName())
                .filter(name -> !wanted.contains(name))
                .forEach(name -> applier.ensureAbsent(
                        Secret.class, database.getMetadata().getNamespace(), name));
    }

    /** By a request: few databases are changed, and all authorities of the last months are in it. */
    private String authorities(ServedCluster cluster) {
        return applier.live(
                        ConfigMap.class,
                        cluster.namespace(),
                        Names.of(cluster.cluster()).caBundle())
                .map(ConfigMap::getData)
                .map(data -> data.get(CA))
                .orElse("");
    }

    private static Problem conflict(String message) {
        return new Problem(DatabaseConditionType.SECRETS_CREATED, DatabaseReason.SECRET_CONFLICT, message);
    }
}
