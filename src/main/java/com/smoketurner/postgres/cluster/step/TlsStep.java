package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.OwnAuthority;
import com.smoketurner.postgres.cluster.desired.TlsCertificate;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.CertManager;
import com.smoketurner.postgres.kube.Certificates;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The certificate of the members. No member is made before it is issued: a pod cannot mount what is not there. */
@Singleton
public final class TlsStep implements Step {

    private static final Duration RECHECK = Duration.ofSeconds(5);

    private final CertManager certManager;

    TlsStep(CertManager certManager) {
        this.certManager = certManager;
    }

    @Override
    public Part part() {
        return Part.TLS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (!run.spec().tlsEnabled()) {
            run.applier()
                    .ensureAbsent(
                            TlsCertificate.KIND, run.namespace(), run.names().tls());
            removeAuthority(run);
            return Outcome.DONE;
        }
        if (!run.observed().certManager()) {
            return new Outcome.Rejected(
                    Reason.CERT_MANAGER_NOT_INSTALLED,
                    "TLS needs cert-manager, whose API is not served here: install cert-manager or set spec.tls.enabled: false");
        }
        boolean own = OwnAuthority.signs(run.cluster(), run.view().settings());
        if (own) {
            run.applier().ensure(OwnAuthority.root(run.cluster()));
            Certificates.ensure(run.applier(), OwnAuthority.certificate(run.cluster()));
            run.applier().ensure(OwnAuthority.authority(run.cluster()));
        }
        TlsCertificate.of(run.cluster(), run.view().settings())
                .ifPresent(certificate -> Certificates.ensure(run.applier(), certificate));
        if (!own) {
            removeAuthority(run);
        }
        return run.observed().certificateIssued()
                ? Outcome.DONE
                : new Outcome.Waiting(Reason.WAITING_FOR_CERTIFICATE, message(run), RECHECK);
    }

    /** Its Secret stays as long as the cluster: whoever takes the issuer out of the spec again is trusted as before. */
    private static void removeAuthority(ClusterRun run) {
        run.applier()
                .ensureAbsent(TlsCertificate.KIND, run.namespace(), run.names().authority());
        run.applier()
                .ensureAbsent(OwnAuthority.ISSUER, run.namespace(), run.names().authority());
        run.applier()
                .ensureAbsent(OwnAuthority.ISSUER, run.namespace(), run.names().selfSignedIssuer());
    }

    private String message(ClusterRun run) {
        IssuerRef issuer = TlsCertificate.issuerOf(run.cluster(), run.view().settings());
        if (run.observed().issuerMissing()) {
            return "%s %s does not exist; create it, or name another in spec.tls.issuerRef"
                    .formatted(issuer.kindOrDefault(), issuer.name());
        }
        if (certManager.isPublic(run.namespace(), issuer)) {
            return "%s %s is of type acme: a public authority signs no names inside a Kubernetes cluster, such as %s; name an issuer that does in spec.tls.issuerRef, or remove spec.tls, so that the cluster has an authority of its own"
                    .formatted(
                            issuer.kindOrDefault(),
                            issuer.name(),
                            run.names().host(run.names().primaryService()));
        }
        return run.observed()
                .certificate()
                .flatMap(TlsStep::readiness)
                .map(text -> "Certificate %s: %s".formatted(run.names().tls(), text))
                .orElse("waiting for cert-manager to issue Certificate "
                        + run.names().tls());
    }

    /** What cert-manager says in the Certificate's own condition. */
    private static Optional<String> readiness(GenericKubernetesResource certificate) {
        Object conditions = certificate.get("status", "conditions");
        return conditions instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(Map.class::cast)
                        .filter(condition -> "Ready".equals(condition.get("type")))
                        .map(condition -> String.valueOf(condition.get("message")))
                        .findFirst()
                : Optional.empty();
    }
}
