package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets of users that a spec names. The operator watches only Secrets of its own, so these are read by request: when the
 * cluster's resource has changed, when one is missing, when archiving or a backup fails, and otherwise every few minutes.
 */
@Singleton
public final class NamedSecrets implements Remembers {

    /** Together with the time between two complete reconciliations of a cluster at rest this stays below 5 minutes. */
    private static final Duration EVERY = Duration.ofMinutes(3);

    private record Known(String version, Instant read, Map<String, String> data) {}

    private final Map<String, Map<String, Known>> known = new ConcurrentHashMap<>();

    /**
     * The data of a Secret in the namespace of the cluster, in base64; nothing when it does not exist.
     *
     * @param again whether it is to be read although it was read a short time ago
     */
    public Optional<Map<String, String>> read(ClusterRun run, String name, boolean again) {
        Map<String, Known> secrets = known.computeIfAbsent(uid(run.cluster()), uid -> new ConcurrentHashMap<>());
        String version = run.cluster().getMetadata().getGeneration().toString();
        Known before = secrets.get(name);
        if (before != null
                && !again
                && before.version().equals(version)
                && run.now().isBefore(before.read().plus(EVERY))) {
            return Optional.of(before.data());
        }
        Optional<Map<String, String>> data = run.applier()
                .live(Secret.class, run.namespace(), name)
                .map(secret -> secret.getData() == null ? Map.of() : Map.copyOf(secret.getData()));
        data.ifPresentOrElse(
                present -> secrets.put(name, new Known(version, run.now(), present)), () -> secrets.remove(name));
        return data;
    }

    @Override
    public void forget(PostgresCluster cluster) {
        known.remove(uid(cluster));
    }

    private static String uid(PostgresCluster cluster) {
        return cluster.getMetadata().getUid();
    }
}
