package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import com.smoketurner.postgres.postgres.ConnectionUri;
import com.smoketurner.postgres.postgres.GivenPassword;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The Secret of a role: a password that is the operator's or a user's, and all that an application needs to connect. */
final class RoleSecret {

    static final String PASSWORD = "password";
    private static final String USERNAME = "username";
    private static final int PORT = 5432;
    private static final int POOLER_PORT = 6432;

    /** Types of Secrets that people write credentials into. */
    private static final Set<String> TYPES = Set.of("Opaque", "kubernetes.io/basic-auth");

    /** Keys that say where a server is. */
    private static final List<String> DERIVED =
            List.of("host", "port", "database", "uri", "connection-string", "jdbc-url", "pooler-uri");

    private RoleSecret() {}

    /** What a Secret has. */
    sealed interface Content {}

    /** A password. */
    record Password(String text) implements Content {
        /** Passwords do not belong in logs. */
        @Override
        public String toString() {
            return "Password[]";
        }
    }

    /** None yet. */
    record None() implements Content {}

    /**
     * The Secret cannot be used.
     *
     * @param why with what to do
     */
    record Unusable(String why) implements Content {}

    /**
     * What the Secret of a role has.
     *
     * @param known whether there is a PostgresDatabase
     */
    static Content read(
            PostgresDatabase database, String role, String name, Optional<Secret> found, Predicate<ResourceID> known) {
        if (found.isEmpty()) {
            return new None();
        }
        Secret secret = found.get();
        if (!Metadata.controls(database, secret)) {
            Optional<String> foreign = foreign(database, role, secret, known);
            if (foreign.isPresent()) {
                return new Unusable(
                        "Secret %s %s; set another secretName for role \"%s\"".formatted(name, foreign.get(), role));
            }
        }
        return switch (GivenPassword.of(found, PASSWORD)) {
            case GivenPassword.Given(String password) -> new Password(password);
            case GivenPassword.Missing() -> new None();
            case GivenPassword.Refused(String why) ->
                new Unusable("key %s of Secret %s %s; write a password, or remove the key to have one generated"
                        .formatted(PASSWORD, name, why));
        };
    }

    private static Optional<String> foreign(
            PostgresDatabase database, String role, Secret secret, Predicate<ResourceID> known) {
        if (secret.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()))) {
            return Optional.of("belongs to another object");
        }
        String type = Objects.requireNonNullElse(secret.getType(), "Opaque");
        if (!TYPES.contains(type)) {
            return Optional.of("is of type " + type);
        }
        String other = Optional.ofNullable(secret.getMetadata().getLabels())
                .map(labels -> labels.get(Labels.DATABASE))
                .orElse(null);
        boolean completed = database.getMetadata().getName().equals(other);
        if (other != null
                && !completed
                && known.test(new ResourceID(other, database.getMetadata().getNamespace()))) {
            return Optional.of("is that of PostgresDatabase " + other);
        }
        if (other == null && secret.getData() != null) {
            Optional<String> key =
                    DERIVED.stream().filter(secret.getData()::containsKey).findFirst();
            if (key.isPresent()) {
                return Optional.of("has a key %s of its own, which would be overwritten".formatted(key.get()));
            }
        }
        String username = secret.getData() == null ? null : secret.getData().get(USERNAME);
        return username == null
                        || new String(Base64.getDecoder().decode(username), StandardCharsets.UTF_8)
                                .strip()
                                .equals(role)
                ? Optional.empty()
                : Optional.of("is of another user");
    }

    /**
     * The Secret as it is to be. A password that a user wrote stays as it was written.
     *
     * @param authorities that clients trust; empty where there is no TLS
     */
    static Secret desired(
            PostgresDatabase database,
            ServedCluster cluster,
            String role,
            String name,
            String password,
            Optional<Secret> found,
            String authorities) {
        boolean ours = found.isEmpty() || Metadata.controls(database, found.get());
        var metadata = new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(database.getMetadata().getNamespace())
                .addToLabels(Labels.MANAGED_BY, ApiGroup.OPERATOR)
                .addToLabels(Labels.DATABASE, database.getMetadata().getName())
                .addToLabels(Labels.CLUSTER, cluster.cluster().getMetadata().getName());
        if (ours) {
            metadata.withOwnerReferences(Metadata.controller(database));
        }
        Map<String, String> data = SecretData.encode(values(database, cluster, role, password, authorities));
        found.map(Secret::getData)
                .map(present -> present.get(PASSWORD))
                .ifPresent(written -> data.put(PASSWORD, written));
        return new SecretBuilder().withMetadata(metadata.build()).withData(data).build();
    }

    private static Map<String, String> values(
            PostgresDatabase database, ServedCluster cluster, String role, String password, String authorities) {
        Names names = Names.of(cluster.cluster());
        String host = names.host(names.primaryService());
        String db = database.getSpec().database().name();
        Map<String, String> values = new TreeMap<>();
        values.put("type", "postgresql");
        values.put("provider", ApiGroup.OPERATOR);
        values.put(USERNAME, role);
        values.put(PASSWORD, password);
        values.put("host", host);
        values.put("port", Integer.toString(PORT));
        values.put("database", db);
        String uri = uri(role, password, host, PORT, db, cluster.tls());
        values.put("uri", uri);
        values.put("connection-string", uri);
        values.put(
                "jdbc-url",
                "jdbc:postgresql://%s:%s/%s?user=%s&password=%s%s"
                        .formatted(
                                host,
                                PORT,
                                db,
                                ConnectionUri.escaped(role),
                                ConnectionUri.escaped(password),
                                cluster.tls() ? "&sslmode=require" : ""));
        if (cluster.tls()) {
            values.put("sslmode", "require");
            if (!authorities.isEmpty()) {
                values.put("ca.crt", authorities);
            }
        }
        if (cluster.cluster().getSpec().poolerEnabled()) {
            String pooler = names.host(names.pooler());
            values.put("pooler-host", pooler);
            values.put("pooler-port", Integer.toString(POOLER_PORT));
            values.put("pooler-uri", uri(role, password, pooler, POOLER_PORT, db, cluster.tls()));
        }
        return values;
    }

    private static String uri(String role, String password, String host, int port, String database, boolean tls) {
        return ConnectionUri.of(role, password, host, port, database) + (tls ? "?sslmode=require" : "");
    }
}
