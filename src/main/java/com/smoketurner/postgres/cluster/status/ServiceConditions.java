package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.rebuild.ReplicaHealths;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Refusal;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the cluster serves, and with how many of its members. */
final class ServiceConditions {
    static final String READY = "Ready";
    static final String DEGRADED = "Degraded";
    static final String REPLICAS_READY = "ReplicasReady";

    private final ClusterReport report;
    private final PostgresClusterStatus previous;
    private final Conditions conditions;

    ServiceConditions(ClusterReport report, PostgresClusterStatus previous, Conditions conditions) {
        this.report = report;
        this.previous = previous;
        this.conditions = conditions;
    }

    void ready(boolean everRan) {
        Optional<Member> primary = report.primary();
        if (everRan && primary.isPresent()) {
            conditions.add(
                    READY,
                    true,
                    "ClusterReady",
                    "the primary %s accepts connections".formatted(primary.get().name()));
        } else if (report.failure().isPresent()) {
            conditions.add(
                    READY,
                    false,
                    report.failure().get().reason(),
                    report.failure().get().message());
        } else if (everRan) {
            conditions.add(READY, false, outageIsLong() ? "PrimaryUnavailable" : "NoPrimary", noPrimary());
        } else if (report.waiting().isPresent()) {
            Outcome.Waiting waiting = report.waiting().get();
            conditions.add(READY, false, waiting.reason(), waiting.message());
        } else {
            // A reason of its own is told at once; that a creation goes on is not.
            conditions.add(READY, false, creating(), report.readiness());
        }
    }

    private String creating() {
        return report.refusal()
                .map(Refusal::reason)
                .orElse(report.startFailure().isPresent() ? "ServerStartFailed" : "Creating");
    }

    /** Whether the cluster counts as failed by now, as {@link Phases} has it. */
    private boolean outageIsLong() {
        Duration outage = Conditions.lasted(
                previous.conditions(), READY, false, report.view().now());
        return outage.compareTo(report.view().timeouts().primaryUnavailable()) > 0;
    }

    private String noPrimary() {
        String last = report.view()
                .observed()
                .leader()
                .map(leader -> " (the last leader is %s)".formatted(leader.leader()))
                .orElse("");
        return report.withCauses(
                "no member serves as primary%s; see patronictl list and the logs of the members".formatted(last));
    }

    void degraded(boolean everRan) {
        List<String> broken = ReplicaHealths.broken(report.view());
        if (!everRan) {
            conditions.add(DEGRADED, false, "NotApplicable", "the cluster is being created");
        } else if (report.primary().isEmpty()) {
            conditions.add(DEGRADED, true, "NoPrimary", noPrimary());
        } else if (!broken.isEmpty()) {
            conditions.add(DEGRADED, true, "ReplicationBroken", report.withCauses(String.join("; ", broken)));
        } else if (report.ready() < report.desired()) {
            conditions.add(DEGRADED, true, "ReplicasUnavailable", "not ready: " + notReady(report));
        } else if (report.failure().isPresent()) {
            conditions.add(
                    DEGRADED,
                    true,
                    report.failure().get().reason(),
                    report.failure().get().message());
        } else if (report.failures().isPresent() && Failures.lasting(previous)) {
            conditions.add(DEGRADED, true, Failures.REASON, report.failures().get());
        } else {
            conditions.add(DEGRADED, false, "Healthy", "all members are ready");
        }
    }

    /** Whether every part of the cluster could be brought to what the spec says; what failed is retried. */
    void reconciled() {
        report.failures()
                .ifPresentOrElse(
                        failures -> conditions.add(Failures.RECONCILED, false, Failures.REASON, failures),
                        () -> conditions.add(
                                Failures.RECONCILED,
                                true,
                                "ReconciliationSucceeded",
                                "no step of the operator failed"));
    }

    void replicasReady() {
        boolean all = report.ready() >= report.desired();
        conditions.add(REPLICAS_READY, all, all ? "AllReplicasReady" : "WaitingForReplicas", report.readiness());
    }

    /** The members that do not serve, with what holds them up. */
    static String notReady(ClusterReport report) {
        String names = report.members().stream()
                .filter(member -> !member.ready())
                .map(ServiceConditions::withTrouble)
                .collect(Collectors.joining(", "));
        return report.withCauses(names.isEmpty() ? "members that have no pod yet" : names);
    }

    private static String withTrouble(Member member) {
        String trouble = member.waiting() != null ? member.waiting().reason() : member.unschedulable();
        return trouble == null ? member.name() : "%s (%s)".formatted(member.name(), trouble);
    }
}
