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

    /** Has all certificates issued anew that are by a former key of the authority. */
    static void issueAnew(ClusterRun run) {
        if (!OwnAuthority.signs(run.cluster(), run.view().settings())) {
            return;
        }
        Optional<X509Certificate> authority = certificate(run, run.names().authority());
        for (String name :
                List.of(run.names().tls(), run.names().poolerTls(), run.names().replicaPoolerTls())) {
            if (due(authority, certificate(run, name), run.now())
                    && Certificates.issueAnew(
                            run.applier(),
                            run.namespace(),
                            name,
                            "the certificate authority has another key",
                            run.now())) {
                Log.infof(
                        "Certificate %s/%s is issued anew, because its authority has another key",
                        run.namespace(), name);
            }
        }
    }

    private static Optional<X509Certificate> certificate(ClusterRun run, String secret) {
        return SecretText.of(run.applier().known(Secret.class, run.namespace(), secret), "tls.crt")
                .flatMap(Authorities::parse);
    }

    static boolean due(Optional<X509Certificate> authority, Optional<X509Certificate> certificate, Instant now) {
        return authority.isPresent()
                && certificate.isPresent()
                && !now.isBefore(authority.get().getNotBefore().toInstant().plus(SPREADING))
                && !signed(authority.get(), certificate.get());
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
