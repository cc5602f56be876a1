package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.MemberStatus;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.rebuild.ReplicaHealths;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the cluster serves, with which members, and who is the primary. */
final class AvailabilitySection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        ready(report, draft);
        degraded(report, draft);
        replicasReady(report, draft);
        fields(report, draft);
        primaryChanged(report, draft);
        highAvailabilityLost(report, draft);
    }

    private static void ready(ClusterReport report, StatusDraft draft) {
        Optional<Member> primary = report.primary();
        if (draft.everRan() && primary.isPresent()) {
            draft.condition(
                    ConditionType.READY,
                    true,
                    Reason.CLUSTER_READY,
                    "the primary %s accepts connections".formatted(primary.get().name()));
        } else if (report.failure().isPresent()) {
            Outcome.Rejected failure = report.failure().get();
            draft.condition(ConditionType.READY, false, failure.reason(), failure.message());
        } else if (draft.everRan()) {
            Reason reason =
                    outageIsLong(report.view(), draft.before()) ? Reason.PRIMARY_UNAVAILABLE : Reason.NO_PRIMARY;
            draft.condition(ConditionType.READY, false, reason, noPrimary(report));
        } else if (report.waiting().isPresent()) {
            Outcome.Waiting waiting = report.waiting().get();
            draft.condition(ConditionType.READY, false, waiting.reason(), waiting.message());
        } else {
            // A reason of its own is shown at once; that a creation goes on is not.
            draft.condition(ConditionType.READY, false, creating(report), report.readiness());
        }
    }

    private static Reason creating(ClusterReport report) {
        if (report.refusal().isPresent()) {
            return Reason.MEMBER_NOT_CREATED;
        }
        return report.startFailure().isPresent() ? Reason.SERVER_START_FAILED : Reason.CREATING;
    }

    /** Whether the cluster counts as failed by now, as {@link Phases} has it. */
    private static boolean outageIsLong(ClusterView view, PostgresClusterStatus before) {
        Duration outage = Conditions.lasted(before.conditions(), ConditionType.READY.label(), false, view.now());
        return outage.compareTo(view.timeouts().primaryUnavailable()) > 0;
    }

    private static String noPrimary(ClusterReport report) {
        String last = report.view()
                .observed()
                .leader()
                .map(leader -> " (the last leader is %s)".formatted(leader.leader()))
                .orElse("");
        return report.withCauses(
                "no member serves as primary%s; see patronictl list and the logs of the members".formatted(last));
    }

    private static void degraded(ClusterReport report, StatusDraft draft) {
        List<String> broken = ReplicaHealths.broken(report.view());
        if (!draft.everRan()) {
            draft.condition(ConditionType.DEGRADED, false, Reason.NOT_APPLICABLE, "the cluster is being created");
        } else if (report.primary().isEmpty()) {
            draft.condition(ConditionType.DEGRADED, true, Reason.NO_PRIMARY, noPrimary(report));
        } else if (!broken.isEmpty()) {
            draft.condition(
                    ConditionType.DEGRADED,
                    true,
                    Reason.REPLICATION_BROKEN,
                    report.withCauses(String.join("; ", broken)));
        } else if (report.ready() < report.desired()) {
            draft.condition(
                    ConditionType.DEGRADED, true, Reason.REPLICAS_UNAVAILABLE, "not ready: " + report.notReady());
        } else if (report.failure().isPresent()) {
            Outcome.Rejected failure = report.failure().get();
            draft.condition(ConditionType.DEGRADED, true, failure.reason(), failure.message());
        } else if (report.failures().isPresent() && FailureSection.lasting(draft.before())) {
            draft.condition(
                    ConditionType.DEGRADED,
                    true,
                    Reason.RECONCILIATION_FAILED,
                    report.failures().get());
        } else {
            draft.condition(ConditionType.DEGRADED, false, Reason.HEALTHY, "all members are ready");
        }
    }

    private static void replicasReady(ClusterReport report, StatusDraft draft) {
        boolean all = report.ready() >= report.desired();
        draft.condition(
                ConditionType.REPLICAS_READY,
                all,
                all ? Reason.ALL_REPLICAS_READY : Reason.WAITING_FOR_REPLICAS,
                report.readiness());
    }

    private static void fields(ClusterReport report, StatusDraft draft) {
        draft.fields()
                .replicas(report.desired())
                .readyReplicas(report.ready())
                .selector(selector(report.view()))
                .primaryPod(report.primary().map(Member::name).orElse(null))
                // Kept until there is a primary again: a change is noticed across an outage and a restart of the
                // operator.
                .lastPrimaryPod(report.primary().isPresent() ? null : lastKnownPrimary(draft.before()))
                .replicaPods(report.members().stream()
                        .filter(Member::replica)
                        .map(Member::name)
                        .toList())
                .pods(report.members().stream().map(AvailabilitySection::pod).toList());
    }

    private static String selector(ClusterView view) {
        return Labels.memberSelector(view.cluster()).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
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

    /** The primary a status names, or the one before where it names none. */
    private static @Nullable String lastKnownPrimary(PostgresClusterStatus status) {
        return status.primaryPod() != null ? status.primaryPod() : status.lastPrimaryPod();
    }

    private static void primaryChanged(ClusterReport report, StatusDraft draft) {
        String last = lastKnownPrimary(draft.before());
        report.primary()
                .filter(primary -> last != null && !primary.name().equals(last))
                .ifPresent(primary -> draft.event(
                        EventReason.PRIMARY_CHANGED,
                        "the primary changed from %s to %s (timeline %s)"
                                .formatted(
                                        last,
                                        primary.name(),
                                        Objects.requireNonNullElse(primary.timeline(), "unknown"))));
    }

    private static void highAvailabilityLost(ClusterReport report, StatusDraft draft) {
        Integer had = draft.before().replicas();
        if (!report.view().paused() && had != null && had > 1 && report.desired() == 1) {
            draft.event(EventReason.HA_LOST, "the cluster has one member left and no replica to fail over to");
        }
    }
}
