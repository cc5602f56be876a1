package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The conditions of a cluster as a function of a report. The set is always complete. */
final class ClusterConditions {

    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";
    static final String CONFIGURATION_VALID = "ConfigurationValid";
    static final String REPLICAS_READY = "ReplicasReady";
    static final String POD_GENERATION_SYNCED = "PodGenerationSynced";
    static final String CERTIFICATE_READY = "CertificateReady";

    private final ClusterReport report;
    private final PostgresClusterStatus previous;
    private final Conditions conditions;

    private ClusterConditions(ClusterReport report, PostgresClusterStatus previous) {
        this.report = report;
        this.previous = previous;
        this.conditions = new Conditions(
                previous.conditions(),
                report.run().cluster().getMetadata().getGeneration(),
                report.run().now());
    }

    /**
     * @param everRan whether the cluster was Running at least once, or is complete now
     */
    static List<Condition> of(ClusterReport report, PostgresClusterStatus previous, boolean everRan) {
        return new ClusterConditions(report, previous).all(everRan);
    }

    private List<Condition> all(boolean everRan) {
        ready(everRan);
        progressing();
        degraded(everRan);
        configurationValid();
        replicasReady();
        podsSynced();
        conditions.add("ResourceResizeInProgress", false, "NoResize", "no resize is under way");
        pendingRestart();
        certificateReady();
        conditions.add("BackupHealthy", false, "BackupNotConfigured", "spec.backup names no destination");
        conditions.add("StorageExpanded", true, "StorageUpToDate", "every volume has the size asked for");
        conditions.add("AutoscalingActive", false, "ScalingDisabled", "spec.scaling is not enabled");
        return conditions.list();
    }

    private void ready(boolean everRan) {
        Optional<Member> primary = report.primary();
        if (everRan && primary.isPresent()) {
            conditions.add(
                    READY,
                    true,
                    "ClusterReady",
                    "the primary %s accepts connections".formatted(primary.get().name()));
        } else if (failure().isPresent()) {
            conditions.add(
                    READY, false, failure().get().reason(), failure().get().message());
        } else if (report.waiting().isPresent()) {
            Outcome.Waiting waiting = report.waiting().get();
            conditions.add(READY, false, waiting.reason(), waiting.message());
        } else if (everRan) {
            conditions.add(READY, false, outageIsLong() ? "PrimaryUnavailable" : "NoPrimary", noPrimary());
        } else {
            conditions.add(READY, false, "Creating", "%d/%d members ready".formatted(report.ready(), report.desired()));
        }
    }

    /** Whether the cluster counts as failed by now, as {@link Phases} has it. */
    private boolean outageIsLong() {
        Duration outage = Conditions.lasted(
                previous.conditions(), READY, false, report.run().now());
        return outage.compareTo(report.run().timeouts().primaryUnavailable()) > 0;
    }

    private String noPrimary() {
        return report.run()
                .observed()
                .leader()
                .map(leader ->
                        "no member serves as primary (the last leader is %s); see patronictl list and the logs of the members"
                                .formatted(leader.leader()))
                .orElse("no member serves as primary; see patronictl list and the logs of the members");
    }

    private void progressing() {
        if (failure().isPresent()) {
            conditions.add(PROGRESSING, false, "Failed", failure().get().message());
        } else if (report.waiting().isPresent()) {
            conditions.add(
                    PROGRESSING,
                    true,
                    "CreatingResources",
                    report.waiting().get().message());
        } else if (report.working().isPresent()) {
            Outcome.Working working = report.working().get();
            conditions.add(PROGRESSING, true, working.reason(), working.message());
        } else if (report.members().size() != report.desired() || report.ready() < report.desired()) {
            boolean creating = previous.currentVersion() == null;
            conditions.add(
                    PROGRESSING,
                    true,
                    creating ? "CreatingResources" : "Scaling",
                    "%d/%d members ready".formatted(report.ready(), report.desired()));
        } else {
            conditions.add(PROGRESSING, false, "Stable", "nothing is being changed");
        }
    }

    private void degraded(boolean everRan) {
        if (!everRan) {
            conditions.add(DEGRADED, false, "NotApplicable", "the cluster is being created");
        } else if (report.primary().isEmpty()) {
            conditions.add(DEGRADED, true, "NoPrimary", noPrimary());
        } else if (report.ready() < report.desired()) {
            conditions.add(DEGRADED, true, "ReplicasUnavailable", "not ready: " + notReady());
        } else if (failure().isPresent()) {
            conditions.add(
                    DEGRADED, true, failure().get().reason(), failure().get().message());
        } else {
            conditions.add(DEGRADED, false, "Healthy", "all members are ready");
        }
    }

    private String notReady() {
        String names = report.members().stream()
                .filter(member -> !member.ready())
                .map(Member::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "members that have no pod yet" : names;
    }

    private void configurationValid() {
        Optional<Outcome.Rejected> wrong =
                report.rejected().or(() -> report.declined().map(d -> new Outcome.Rejected(d.reason(), d.message())));
        conditions.add(
                CONFIGURATION_VALID,
                wrong.isEmpty(),
                wrong.map(Outcome.Rejected::reason).orElse("SpecValid"),
                wrong.map(Outcome.Rejected::message).orElse("the spec is valid"));
    }

    private void replicasReady() {
        boolean all = report.ready() >= report.desired();
        conditions.add(
                REPLICAS_READY,
                all,
                all ? "AllReplicasReady" : "WaitingForReplicas",
                "%d/%d members ready".formatted(report.ready(), report.desired()));
    }

    private void podsSynced() {
        if (report.synced()) {
            conditions.add(POD_GENERATION_SYNCED, true, "AllPodsSynced", "every pod runs the current template");
        } else if (report.working().isPresent()) {
            conditions.add(
                    POD_GENERATION_SYNCED,
                    false,
                    "WaitingForRestart",
                    report.working().get().message());
        } else {
            conditions.add(POD_GENERATION_SYNCED, false, "WaitingForKubelet", "pods are being started");
        }
    }

    private void pendingRestart() {
        String names = report.members().stream()
                .filter(Member::pendingRestart)
                .map(Member::withPending)
                .collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            conditions.add("PendingRestart", false, "NoRestartRequired", "no parameter waits for a restart");
        } else {
            conditions.add("PendingRestart", true, "RestartRequired", "parameters wait for a restart of " + names);
        }
    }

    private void certificateReady() {
        if (!report.run().spec().tlsEnabled()) {
            conditions.add(CERTIFICATE_READY, false, "TLSDisabled", "spec.tls.enabled is false");
        } else if (report.run().observed().certificateIssued()) {
            conditions.add(CERTIFICATE_READY, true, "Issued", "the certificate is issued");
        } else if (!report.run().observed().certManager()) {
            conditions.add(CERTIFICATE_READY, false, "CertManagerNotInstalled", "cert-manager is not installed");
        } else if (report.run().observed().issuerMissing()) {
            conditions.add(CERTIFICATE_READY, false, "IssuerNotFound", waitingMessage());
        } else {
            conditions.add(CERTIFICATE_READY, false, "WaitingForCertificate", waitingMessage());
        }
    }

    private String waitingMessage() {
        return report.waiting().map(Outcome.Waiting::message).orElse("the certificate is not issued yet");
    }

    private Optional<Outcome.Rejected> failure() {
        return report.rejected().or(report::blocked);
    }
}
