package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.postgres.GivenPassword;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The two passwords as they stand in {@code <c>-credentials}.
 *
 * @param former those that the members have been given last
 */
record GivenPasswords(GivenPassword superuser, GivenPassword replication, Optional<Passwords> former) {

    /** Those of a Secret. A value that is refused leaves the former password in force. */
    static GivenPasswords of(ClusterRun run, Optional<Secret> credentials) {
        return of(
                credentials,
                run.applier()
                        .find(Secret.class, run.namespace(), run.names().patroniSecret())
                        .flatMap(PatroniSecret::passwordsOf));
    }

    static GivenPasswords of(Optional<Secret> credentials, Optional<Passwords> former) {
        return new GivenPasswords(
                GivenPassword.of(credentials, CredentialsSecret.PASSWORD),
                GivenPassword.of(credentials, CredentialsSecret.REPLICATION_PASSWORD),
                former);
    }

    /** What is wrong with values, naming their keys; nothing when all of them can be used. */
    Optional<String> refusal() {
        String refusals = byKey().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof GivenPassword.Refused)
                .map(entry -> "key %s %s".formatted(entry.getKey(), ((GivenPassword.Refused) entry.getValue()).why()))
                .sorted()
                .collect(Collectors.joining(", "));
        return refusals.isEmpty() ? Optional.empty() : Optional.of(refusals);
    }

    /** Whether one has to be generated. */
    boolean incomplete() {
        return Stream.of(superuser, replication).anyMatch(GivenPassword.Missing.class::isInstance);
    }

    /**
     * The passwords that are to be in force: instead of one that is refused the former one.
     *
     * @param source of those that are missing; given the former password
     */
    Passwords completed(UnaryOperator<Optional<String>> source) {
        return new Passwords(
                password(superuser, former.map(Passwords::superuser), source),
                password(replication, former.map(Passwords::replication), source));
    }

    private static String password(
            GivenPassword given, Optional<String> former, UnaryOperator<Optional<String>> source) {
        return switch (given) {
            case GivenPassword.Given(String password) -> password;
            case GivenPassword.Refused(String why) -> former.orElseThrow();
            case GivenPassword.Missing() -> source.apply(former).orElseThrow();
        };
    }

    /** The values as they stand in the Secret: they are the user's, so what is written there keeps them. */
    static Map<String, String> asWritten(Optional<Secret> credentials) {
        Map<String, String> written = new HashMap<>();
        of(credentials, Optional.empty()).byKey().forEach((key, given) -> {
            if (!(given instanceof GivenPassword.Missing)) {
                written.put(key, credentials.orElseThrow().getData().get(key));
            }
        });
        return written;
    }

    private Map<String, GivenPassword> byKey() {
        return Map.of(CredentialsSecret.PASSWORD, superuser, CredentialsSecret.REPLICATION_PASSWORD, replication);
    }
}
