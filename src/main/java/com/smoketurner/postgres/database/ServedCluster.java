package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.SuccessorRef;
import com.smoketurner.postgres.naming.Annotations;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The cluster of a PostgresDatabase, while it serves.
 *
 * @param primary the pod of its primary
 * @param home whether the PostgresDatabase is in its namespace
 */
record ServedCluster(PostgresCluster cluster, String primary, boolean home) {

    /** One upgrade after another; more than that is a circle. */
    private static final int MOST_SUCCESSORS = 10;

    /** What the cluster is at the moment. */
    sealed interface Look {}

    /** It serves. */
    record Serving(ServedCluster served) implements Look {}

    /** It does not, or not this resource. */
    record Away(DatabaseReason reason, String message) implements Look {}

    /**
     * Looks for the cluster of a resource, or for the one that has taken its place.
     *
     * @param clusters by namespace and name
     */
    static Look of(PostgresDatabase database, BiFunction<String, String, Optional<PostgresCluster>> clusters) {
        String own = database.getMetadata().getNamespace();
        String namespace =
                Objects.requireNonNullElse(database.getSpec().clusterRef().namespace(), own);
        String name = database.getSpec().clusterRef().name();
        for (int i = 0; i < MOST_SUCCESSORS; i++) {
            Optional<PostgresCluster> found = clusters.apply(namespace, name);
            if (found.isEmpty()) {
                return new Away(
                        DatabaseReason.CLUSTER_NOT_FOUND,
                        "there is no PostgresCluster %s/%s; create it, or delete this resource"
                                .formatted(namespace, name));
            }
            PostgresCluster cluster = found.get();
            if (!permitted(cluster, own)) {
                return new Away(
                        DatabaseReason.CLUSTER_REF_NOT_PERMITTED,
                        "PostgresCluster %s/%s does not accept databases of namespace %s; run kubectl annotate pgc -n %s %s %s=%s"
                                .formatted(
                                        namespace, name, own, namespace, name, Annotations.ALLOW_DATABASES_FROM, own));
            }
            Optional<SuccessorRef> successor =
                    Optional.ofNullable(cluster.getStatus()).map(PostgresClusterStatus::successor);
            if (successor.isEmpty()) {
                return serving(cluster, own);
            }
            namespace = Objects.requireNonNullElse(successor.get().namespace(), namespace);
            name = successor.get().name();
        }
        return new Away(DatabaseReason.CLUSTER_NOT_FOUND, "the clusters that have replaced one another make a circle");
    }

    private static Look serving(PostgresCluster cluster, String own) {
        PostgresClusterStatus status = cluster.getStatus();
        String name = cluster.getMetadata().getName();
        if (cluster.getMetadata().getDeletionTimestamp() != null) {
            return new Away(DatabaseReason.CLUSTER_NOT_FOUND, "PostgresCluster %s is being deleted".formatted(name));
        }
        if (status == null || status.phase() == null || !status.phase().serves()) {
            return new Away(
                    DatabaseReason.CLUSTER_NOT_READY,
                    "PostgresCluster %s is %s; see kubectl describe pgc %s"
                            .formatted(
                                    name,
                                    status == null || status.phase() == null
                                            ? "new"
                                            : status.phase().label(),
                                    name));
        }
        String primary = status.primaryPod();
        return primary == null
                ? new Away(DatabaseReason.CLUSTER_NOT_READY, "PostgresCluster %s has no primary".formatted(name))
                : new Serving(new ServedCluster(
                        cluster, primary, cluster.getMetadata().getNamespace().equals(own)));
    }

    static boolean permitted(PostgresCluster cluster, String namespace) {
        if (cluster.getMetadata().getNamespace().equals(namespace)) {
            return true;
        }
        String list = Optional.ofNullable(cluster.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.ALLOW_DATABASES_FROM))
                .orElse("");
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .anyMatch(allowed -> allowed.equals("*") || allowed.equals(namespace));
    }

    String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    boolean tls() {
        return cluster.getSpec().tlsEnabled();
    }
}
