package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;

/** The certificate, and whether connections are encrypted. */
final class TlsSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        ObservedCluster observed = report.view().observed();
        boolean enabled = report.view().spec().tlsEnabled();
        if (!enabled) {
            condition(draft, false, Reason.TLS_DISABLED, "spec.tls.enabled is false");
        } else if (observed.certificateIssued()) {
            condition(draft, true, Reason.ISSUED, "the certificate is issued");
        } else if (!observed.certManager()) {
            condition(draft, false, Reason.CERT_MANAGER_NOT_INSTALLED, "cert-manager is not installed");
        } else {
            condition(
                    draft,
                    false,
                    observed.issuerMissing() ? Reason.ISSUER_NOT_FOUND : Reason.WAITING_FOR_CERTIFICATE,
                    report.outcome(Part.TLS, Outcome.Waiting.class)
                            .map(Outcome.Waiting::message)
                            .orElse("the certificate is not issued yet"));
        }
        if (!report.members().isEmpty()) {
            draft.fields().tlsEnabled(enabled);
        }
        draft.fields()
                .certificateExpiresAt(enabled ? observed.certificateExpiresAt().orElse(null) : null);
        // A user may regret it: told when it comes, not at each edit.
        draft.news(ConditionType.CERTIFICATE_READY)
                .filter(condition -> StatusDraft.has(condition, Reason.TLS_DISABLED))
                .ifPresent(condition -> draft.event(
                        EventReason.TLS_DISABLED,
                        "spec.tls.enabled is false: passwords and data cross the network unencrypted"));
    }

    private static void condition(StatusDraft draft, boolean status, Reason reason, String message) {
        draft.condition(ConditionType.CERTIFICATE_READY, status, reason, message);
    }
}
