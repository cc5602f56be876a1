package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.WhenDeleted;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.kube.Certificates;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.Keda;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.NamespaceTerminating;
import com.smoketurner.postgres.kube.VolumeClaims;
import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to happen before a cluster's object may go: KEDA lets go of it, the members end, then Patroni's records go, which have
 * no owner. Everything else is the garbage collector's.
 */
@Singleton
final class ClusterDeletion {

    private final MemberPods pods;
    private final VolumeClaims claims;
    private final List<Remembers> memories;

    ClusterDeletion(MemberPods pods, VolumeClaims claims, @All List<Remembers> memories) {
        this.pods = pods;
        this.claims = claims;
        this.memories = memories;
    }

    /**
     * The progress of a deletion.
     *
     * @param finished the finalizer can be removed
     * @param messages the events to record
     */
    record Progress(boolean finished, List<EventMessage> messages) {}

    Progress run(ClusterRun run, OwnedCaches<PostgresCluster> caches) {
        List<EventMessage> messages = new ArrayList<>();
        boolean told =
                run.cluster().getStatus() != null && run.cluster().getStatus().phase() == ClusterPhase.DELETING;
        if (!told) {
            messages.add(EventMessage.of(
                    EventReason.CLUSTER_DELETING,
                    "stopping members; their volumes " + (deletesVolumes(run) ? "will be deleted" : "are retained")));
        }
        boolean released = releaseFromAutoscaler(run, messages);
        if (ownerless(run)) {
            adopt(run);
        }
        pods.stopAll(
                run.applier(),
                run.observed().statefulSet(),
                run.namespace(),
                run.names().patroniConfigMap());
        boolean stopped = run.observed().members().isEmpty();
        boolean overdue = overdue(run);
        if (!stopped && overdue) {
            messages.add(EventMessage.of(
                    EventReason.DELETION_TIMEOUT,
                    "pods did not terminate within %d minutes; the cluster is removed without waiting for them"
                            .formatted(run.view().timeouts().deletion().toMinutes())));
        }
        boolean finished = (stopped && released) || overdue;
        if (finished) {
            removeVolumes(run);
            removeRecords(run, caches);
            removeCertificates(run);
            memories.forEach(memory -> memory.forget(run.cluster()));
            messages.add(EventMessage.of(EventReason.DCS_CLEANUP_COMPLETE, "Patroni's Endpoints were removed"));
        }
        return new Progress(finished, List.copyOf(messages));
    }

    /**
     * The garbage collector would delete them too, but after the cluster, and then nobody is left to help where no KEDA runs any
     * more: objects that do not go block their namespace.
     */
    private static boolean releaseFromAutoscaler(ClusterRun run, List<EventMessage> messages) {
        List<GenericKubernetesResource> objects =
                run.observed().autoscaler().objects().toList();
        objects.stream()
                .filter(object -> Keda.remove(run.applier(), object, run.now()))
                .forEach(object ->
                        messages.add(EventMessage.of(EventReason.KEDA_FINALIZER_REMOVED, Keda.abandoned(object))));
        return objects.isEmpty();
    }

    /** The deletion came while the StatefulSet was being recreated: nothing stops its pods. */
    private static boolean ownerless(ClusterRun run) {
        return run.observed().statefulSet().isEmpty()
                && run.observed().members().stream().anyMatch(member -> !member.terminating());
    }

    /** A StatefulSet without replicas adopts the pods and stops them. */
    private static void adopt(ClusterRun run) {
        try {
            run.applier()
                    .ensure(StatefulSets.of(
                            run.cluster(),
                            run.view().settings(),
                            run.view().podInputs().withMembers(0)));
        } catch (NamespaceTerminating e) {
            Log.debugf("%s: the pods go with their namespace", run.names().cluster());
        }
    }

    /** Of all members, also of those scaled away. The StatefulSet owns none, so that nothing else removes them. */
    private void removeVolumes(ClusterRun run) {
        if (deletesVolumes(run)) {
            Volumes.all(run.view()).forEach(claims::delete);
        }
    }

    private static boolean deletesVolumes(ClusterRun run) {
        return run.spec().storage().whenDeletedOrDefault() == WhenDeleted.DELETE;
    }

    private void removeRecords(ClusterRun run, OwnedCaches<PostgresCluster> caches) {
        List<String> names = run.names().patroniEndpoints();
        caches.list(Endpoints.class, run.cluster()).stream()
                .filter(endpoints -> names.contains(endpoints.getMetadata().getName()))
                .filter(endpoints -> Labels.APPLICATION_VALUE.equals(
                        endpoints.getMetadata().getLabels().get(Labels.APPLICATION)))
                .forEach(pods::delete);
    }

    /** cert-manager leaves the Secrets behind; a later cluster of the name must not start with a certificate nobody renews. */
    private void removeCertificates(ClusterRun run) {
        for (String name : List.of(
                run.names().poolerTls(),
                run.names().replicaPoolerTls(),
                run.names().tls(),
                run.names().authority())) {
            Certificates.remove(run.applier(), pods, run.namespace(), name);
        }
    }

    private static boolean overdue(ClusterRun run) {
        Instant asked = Instant.parse(run.cluster().getMetadata().getDeletionTimestamp());
        return Duration.between(asked, run.now())
                        .compareTo(run.view().timeouts().deletion())
                > 0;
    }
}
