package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.TlsCertificate;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.OwnedCaches;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Endpoints;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to happen before a cluster's object may go: the members end first, then Patroni's records, which have no
 * owner. Everything else is the garbage collector's.
 */
@Singleton
final class ClusterDeletion {

    private final MemberPods pods;
    private final ServerVersions versions;

    ClusterDeletion(MemberPods pods, ServerVersions versions) {
        this.pods = pods;
        this.versions = versions;
    }

    /**
     * How far it is.
     *
     * @param finished the finalizer may go
     * @param announcements what there is to tell
     */
    record Progress(boolean finished, List<Announcement> announcements) {}

    Progress run(ClusterRun run, OwnedCaches<PostgresCluster> caches) {
        List<Announcement> announcements = new ArrayList<>();
        boolean told =
                run.cluster().getStatus() != null && run.cluster().getStatus().phase() == ClusterPhase.DELETING;
        if (!told) {
            announcements.add(Announcement.normal(
                    "ClusterDeleting",
                    "the members are being stopped; their volumes are kept unless storage.whenDeleted says otherwise"));
        }
        pods.stopAll(run.observed().statefulSet(), run.namespace(), run.names().patroniConfigMap(), caches);
        boolean gone = run.observed().members().isEmpty();
        boolean overdue = overdue(run);
        if (!gone && overdue) {
            announcements.add(Announcement.warning(
                    "DeletionTimeout",
                    "pods have not ended within %d minutes; the cluster is removed without waiting for them"
                            .formatted(run.timeouts().deletion().toMinutes())));
        }
        boolean finished = gone || overdue;
        if (finished) {
            removeRecords(run, caches);
            removeCertificate(run);
            versions.forget(run);
            announcements.add(Announcement.normal("DcsCleanupComplete", "Patroni's records are removed"));
        }
        return new Progress(finished, List.copyOf(announcements));
    }

    private void removeRecords(ClusterRun run, OwnedCaches<PostgresCluster> caches) {
        List<String> names = run.names().patroniEndpoints();
        caches.list(Endpoints.class, run.cluster()).stream()
                .filter(endpoints -> names.contains(endpoints.getMetadata().getName()))
                .filter(endpoints -> Labels.APPLICATION_VALUE.equals(
                        endpoints.getMetadata().getLabels().get(Labels.APPLICATION)))
                .forEach(pods::delete);
    }

    /** cert-manager leaves the Secret behind; a later cluster of the name must not start with a certificate nobody renews. */
    private void removeCertificate(ClusterRun run) {
        run.applier()
                .ensureAbsent(TlsCertificate.KIND, run.namespace(), run.names().tls());
        run.observed().tls().ifPresent(pods::delete);
    }

    private static boolean overdue(ClusterRun run) {
        Instant asked = Instant.parse(run.cluster().getMetadata().getDeletionTimestamp());
        return Duration.between(asked, run.now()).compareTo(run.timeouts().deletion()) > 0;
    }
}
