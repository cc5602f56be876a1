package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.List;
import java.util.Optional;

/** The conditions of a cluster as a function of a report. The set is always complete. */
final class ClusterConditions {
    static final String CONFIGURATION_VALID = "ConfigurationValid";
    static final String CERTIFICATE_READY = "CertificateReady";

    /** Reason of the condition CertificateReady, and of the event that says so once. */
    static final String TLS_DISABLED = "TLSDisabled";

    private final ClusterReport report;
    private final Conditions conditions;

    private ClusterConditions(ClusterReport report, Conditions conditions) {
        this.report = report;
        this.conditions = conditions;
    }

    /**
     * @param everRan whether the cluster was Running at least once, or is complete now
     */
    static List<Condition> of(ClusterReport report, PostgresClusterStatus previous, boolean everRan) {
        var conditions = new Conditions(
                previous.conditions(),
                report.view().cluster().getMetadata().getGeneration(),
                report.view().now());
        var service = new ServiceConditions(report, previous, conditions);
        var change = new ChangeConditions(report, previous, conditions);
        var storage = new StorageConditions(report, previous, conditions);
        var cluster = new ClusterConditions(report, conditions);
        // The order in which a reader sees them.
        service.ready(everRan);
        change.progressing();
        service.degraded(everRan);
        cluster.configurationValid();
        service.reconciled();
        service.replicasReady();
        change.podsSynced();
        change.resize();
        change.pendingRestart();
        cluster.certificateReady();
        conditions.add("BackupHealthy", false, "BackupNotConfigured", "spec.backup names no destination");
        storage.expanded();
        storage.pressure();
        conditions.add("AutoscalingActive", false, "ScalingDisabled", "spec.scaling is not enabled");
        return conditions.list();
    }

    private void configurationValid() {
        Optional<Outcome.Rejected> wrong = report.rejected()
                .or(() -> report.partlyRejected().map(part -> new Outcome.Rejected(part.reason(), part.message())));
        conditions.add(
                CONFIGURATION_VALID,
                wrong.isEmpty(),
                wrong.map(Outcome.Rejected::reason).orElse("SpecValid"),
                wrong.map(Outcome.Rejected::message)
                        .orElseGet(() -> ignoredLabels(report)
                                .map(ignored -> "the spec is valid; " + ignored)
                                .orElse("the spec is valid")));
    }

    /** Which of the user's labels have no effect; absent when all have. */
    static Optional<String> ignoredLabels(ClusterReport report) {
        var ignored = Labels.ignored(report.view().cluster());
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of("spec.labels sets keys that belong to the operator, they have no effect: "
                        + String.join(", ", ignored));
    }

    private void certificateReady() {
        if (!report.view().spec().tlsEnabled()) {
            conditions.add(CERTIFICATE_READY, false, TLS_DISABLED, "spec.tls.enabled is false");
        } else if (report.view().observed().certificateIssued()) {
            conditions.add(CERTIFICATE_READY, true, "Issued", "the certificate is issued");
        } else if (!report.view().observed().certManager()) {
            conditions.add(CERTIFICATE_READY, false, "CertManagerNotInstalled", "cert-manager is not installed");
        } else if (report.view().observed().issuerMissing()) {
            conditions.add(CERTIFICATE_READY, false, "IssuerNotFound", waitingMessage());
        } else {
            conditions.add(CERTIFICATE_READY, false, "WaitingForCertificate", waitingMessage());
        }
    }

    private String waitingMessage() {
        return report.outcome(Part.TLS, Outcome.Waiting.class)
                .map(Outcome.Waiting::message)
                .orElse("the certificate is not issued yet");
    }
}
