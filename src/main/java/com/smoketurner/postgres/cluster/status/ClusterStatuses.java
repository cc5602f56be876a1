package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConnectionInfo;
import com.smoketurner.postgres.api.LagStatus;
import com.smoketurner.postgres.api.MemberStatus;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.StorageStatus;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.reconcile.Conditions;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a cluster as a function of a report and of the status shown so far. */
public final class ClusterStatuses {

    private ClusterStatuses() {}

    /** The whole new status; what it leaves out is gone. */
    public static PostgresClusterStatus of(ClusterReport report, @Nullable PostgresClusterStatus shown) {
        PostgresClusterStatus previous =
                shown == null ? PostgresClusterStatus.builder().build() : shown;
        boolean everRan = everRan(report, previous);
        List<Condition> conditions = ClusterConditions.of(report, previous, everRan);
        ClusterPhase phase = phase(report, previous, conditions, everRan);
        List<LagStatus> lags = everRan ? LagEntries.of(report.view(), previous) : List.of();
        return fill(report, previous, phase)
                .conditions(conditions)
                .replicationLag(lags)
                .maxReplicationLagBytes(LagEntries.most(lags))
                .replicasLagging(LagEntries.lagging(lags))
                .build();
    }

    /** The status of a cluster whose deletion has begun. */
    public static PostgresClusterStatus deleting(ClusterView view, @Nullable PostgresClusterStatus shown) {
        PostgresClusterStatus previous =
                shown == null ? PostgresClusterStatus.builder().build() : shown;
        Conditions conditions = new Conditions(
                previous.conditions(), view.cluster().getMetadata().getGeneration(), view.now());
        conditions.add(ServiceConditions.READY, false, "Deleting", "the cluster is being deleted");
        conditions.add(ChangeConditions.PROGRESSING, true, "Terminating", "the cluster is being deleted");
        return previous.toBuilder()
                .phase(ClusterPhase.DELETING)
                .phaseStartedAt(since(previous, ClusterPhase.DELETING, view.now()))
                .conditions(conditions.replaced())
                .retryCount(null)
                .lastError(null)
                .lastErrorTime(null)
                .build();
    }

    /** Whether what a status says of the primary and of how far the replicas are is still so. */
    public static boolean holds(PostgresClusterStatus shown, ClusterView glance) {
        return glance.observed()
                        .primary(glance.now())
                        .map(Member::name)
                        .filter(name -> name.equals(shown.primaryPod()))
                        .isPresent()
                && LagEntries.of(glance, shown).equals(shown.replicationLag());
    }

    private static boolean everRan(ClusterReport report, PostgresClusterStatus previous) {
        return previous.currentVersion() != null
                || Conditions.find(previous.conditions(), ServiceConditions.READY)
                        .filter(condition -> condition.status().equals("True"))
                        .isPresent()
                || complete(report);
    }

    private static boolean complete(ClusterReport report) {
        return report.primary().isPresent() && report.ready() >= report.desired() && report.synced();
    }

    private static ClusterPhase phase(
            ClusterReport report, PostgresClusterStatus previous, List<Condition> conditions, boolean everRan) {
        Instant now = report.view().now();
        Integer reached = previous.replicas();
        return new Phases(report.view().timeouts())
                .next(new PhaseFacts(
                        Objects.requireNonNullElse(previous.phase(), ClusterPhase.PENDING),
                        report.rejected().isPresent(),
                        previous.successor() != null,
                        everRan,
                        report.applied(),
                        report.blocked().isPresent(),
                        report.primary().isPresent(),
                        Conditions.lasted(conditions, ServiceConditions.READY, false, now),
                        report.ready(),
                        report.desired(),
                        Conditions.lasted(conditions, ServiceConditions.REPLICAS_READY, false, now),
                        everRan && reached != null && reached != report.desired(),
                        report.working().isPresent(),
                        report.synced(),
                        report.streaming(),
                        report.latecomers(changingSince(previous)).isEmpty(),
                        previous.timeInPhase(now)));
    }

    /** When the change that is under way began; null without one. */
    static @Nullable Instant changingSince(PostgresClusterStatus previous) {
        boolean changing = previous.phase() == ClusterPhase.SCALING || previous.phase() == ClusterPhase.UPDATING;
        String since = previous.phaseStartedAt();
        return changing && since != null ? Instant.parse(since) : null;
    }

    private static PostgresClusterStatus.Builder fill(
            ClusterReport report, PostgresClusterStatus previous, ClusterPhase phase) {
        ClusterView view = report.view();
        Optional<String> error = report.failure().map(Outcome.Rejected::message).or(report::failures);
        return previous.toBuilder()
                .phase(phase)
                .phaseStartedAt(since(previous, phase, view.now()))
                .observedGeneration(
                        view.paused()
                                ? previous.observedGeneration()
                                : view.cluster().getMetadata().getGeneration())
                .replicas(report.desired())
                .readyReplicas(report.ready())
                .selector(selector(view))
                .primaryPod(primaryName(report))
                .lastPrimaryPod(lastPrimary(report, previous))
                .replicaPods(report.members().stream()
                        .filter(Member::replica)
                        .map(Member::name)
                        .toList())
                .previousReplicas(previousReplicas(report, previous, phase))
                .serverVersion(report.serverVersion().orElse(previous.serverVersion()))
                .currentVersion(currentVersion(report, previous))
                .retryCount(report.failures().isPresent() ? Failures.attempts(previous) + 1 : null)
                .lastError(error.orElse(null))
                .lastErrorTime(
                        error.map(text -> errorTime(previous, text, view.now())).orElse(null))
                .tlsEnabled(
                        report.members().isEmpty()
                                ? previous.tlsEnabled()
                                : Boolean.valueOf(view.spec().tlsEnabled()))
                .pgbouncerEnabled(false)
                .pgbouncerReadyReplicas(0)
                .connectionInfo(connectionInfo(view))
                .pods(report.members().stream().map(ClusterStatuses::pod).toList())
                .resizeStatus(Resizes.of(report, previous))
                .storage(storage(view))
                .allPodsSynced(report.synced() && report.queued().isEmpty());
    }

    private static String errorTime(PostgresClusterStatus previous, String error, Instant now) {
        String known = previous.lastErrorTime();
        return known != null && error.equals(previous.lastError()) ? known : Conditions.time(now);
    }

    private static String since(PostgresClusterStatus previous, ClusterPhase phase, Instant now) {
        String known = previous.phaseStartedAt();
        return known != null && phase == previous.phase() ? known : Conditions.time(now);
    }

    private static String selector(ClusterView view) {
        return Labels.memberSelector(view.cluster()).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** Kept until there is a primary again, so that a change is noticed across an outage and a restart of the operator. */
    private static @Nullable String lastPrimary(ClusterReport report, PostgresClusterStatus previous) {
        return report.primary().isPresent() ? null : lastKnownPrimary(previous);
    }

    /** The primary a status names, or the one before where it names none. */
    static @Nullable String lastKnownPrimary(PostgresClusterStatus status) {
        return status.primaryPod() != null ? status.primaryPod() : status.lastPrimaryPod();
    }

    private static @Nullable String primaryName(ClusterReport report) {
        return report.primary().map(Member::name).orElse(null);
    }

    private static @Nullable Integer previousReplicas(
            ClusterReport report, PostgresClusterStatus previous, ClusterPhase phase) {
        if (phase != ClusterPhase.SCALING) {
            return null;
        }
        Integer reached = previous.replicas();
        return reached != null && reached != report.desired() ? reached : previous.previousReplicas();
    }

    private static @Nullable String currentVersion(ClusterReport report, PostgresClusterStatus previous) {
        return report.serverVersion().map(version -> version.split("\\.", 2)[0]).orElse(previous.currentVersion());
    }

    private static ConnectionInfo connectionInfo(ClusterView view) {
        Names names = view.names();
        boolean readers = view.facts().membersOf(view.cluster()) > 1;
        return new ConnectionInfo(
                names.host(names.primaryService()) + ":5432",
                readers ? names.host(names.replicaService()) + ":5432" : null,
                null,
                null,
                names.credentialsSecret(),
                "postgres");
    }

    private static StorageStatus storage(ClusterView view) {
        return new StorageStatus(
                view.spec().storage().size(),
                Volumes.of(view).smallest().map(Quantity::toString).orElse(null));
    }

    private static MemberStatus pod(Member member) {
        return new MemberStatus(
                member.name(),
                member.generation(),
                member.observedGeneration(),
                member.specApplied(),
                member.role(),
                member.ready(),
                member.pendingRestart());
    }
}
