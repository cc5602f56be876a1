package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.Authorities;
import com.smoketurner.postgres.cluster.desired.OwnAuthority;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.kube.Certificates;
import io.fabric8.kubernetes.api.model.Secret;
import io.quarkus.logging.Log;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The cluster's own authority with another key. cert-manager issues no certificate anew for that, so those of the former authority
 * would be shown until they are renewed. They are issued anew when whoever mounts the bundle has had the time to get it.
 */
final class AuthorityChange {

    /** Kubelets bring a changed ConfigMap into pods of applications within a minute or two. */
    private static final Duration SPREADING = Duration.ofMinutes(2);

    private AuthorityChange() {}

    /**
     * Has all certificates issued anew that are by a former key of the authority.
     *
     * @return until when that waits; nothing when it does not
     */
    static Optional<Instant> issueAnew(ClusterRun run) {
        if (!OwnAuthority.signs(run.cluster(), run.view().settings())) {
            return Optional.empty();
        }
        Optional<X509Certificate> authority = certificate(run, run.names().authority());
        Optional<Instant> waits = Optional.empty();
        for (String name :
                List.of(run.names().tls(), run.names().poolerTls(), run.names().replicaPoolerTls())) {
            Optional<Instant> due = due(authority, certificate(run, name));
            if (due.isEmpty()) {
                continue;
            }
            if (run.now().isBefore(due.get())) {
                waits = due;
            } else if (Certificates.issueAnew(
                    run.applier(), run.namespace(), name, "the certificate authority has another key", run.now())) {
                Log.infof(
                        "Certificate %s/%s is issued anew, because its authority has another key",
                        run.namespace(), name);
            }
        }
        return waits;
    }

    private static Optional<X509Certificate> certificate(ClusterRun run, String secret) {
        return SecretText.of(run.applier().known(Secret.class, run.namespace(), secret), "tls.crt")
                .flatMap(Authorities::parse);
    }

    /** When a certificate is to be issued anew; nothing when it is by the authority. */
    static Optional<Instant> due(Optional<X509Certificate> authority, Optional<X509Certificate> certificate) {
        return authority
                .filter(known ->
                        certificate.filter(present -> !signed(known, present)).isPresent())
                .map(known -> known.getNotBefore().toInstant().plus(SPREADING));
    }

    private static boolean signed(X509Certificate authority, X509Certificate certificate) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
