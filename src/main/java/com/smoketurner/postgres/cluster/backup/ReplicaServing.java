package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.backup.RepositorySettings;
import com.smoketurner.postgres.cluster.desired.OwnAuthority;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a replica can reach the primary for a backup. pgBackRest needs that, through a server in the primary's pod which gives
 * all data to whoever has a certificate with the name of the cluster. WAL-G needs the replica alone.
 */
final class ReplicaServing {

    private static final String CA = "ca.crt";

    private ReplicaServing() {}

    /** Whom the primary's server is to serve; nothing where it is not needed, or cannot tell members from others. */
    static Optional<RepositorySettings.Served> served(ClusterView view) {
        return needed(view) && view.spec().tlsEnabled() && ownAuthority(view)
                ? view.observed()
                        .tls()
                        .map(secret -> secret.getData().get(CA))
                        .map(ReplicaServing::digest)
                        .map(authority ->
                                new RepositorySettings.Served(view.names().cluster(), authority))
                : Optional.empty();
    }

    /** As {@code sha256sum} prints it in the pod. */
    private static String digest(String base64) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(Base64.getDecoder().decode(base64)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Why no replica can take a backup; nothing where one can. */
    static Optional<String> obstacle(ClusterView view) {
        if (!needed(view)) {
            return Optional.empty();
        }
        if (!view.spec().tlsEnabled()) {
            return Optional.of(
                    "engine PgBackRest takes a backup from a replica over TLS only, and spec.tls is disabled");
        }
        return ownAuthority(view)
                ? Optional.empty()
                : Optional.of(
                        "whoever has a certificate of the same authority could read the data through the server that engine PgBackRest needs on the primary; remove spec.tls.issuerRef, so that the cluster has an authority of its own");
    }

    /** Whether a member speaks TLS already; while TLS is being enabled some do not. */
    static boolean ready(ClusterView view, Member member) {
        return !needed(view) || (member.patroni() != null && member.patroni().secure());
    }

    private static boolean needed(ClusterView view) {
        return RepositoryAnswers.backupEngine(view) == BackupEngine.PG_BACK_REST;
    }

    /** Whether nobody else has a certificate that the members trust: theirs is by the cluster's own authority, or by itself. */
    private static boolean ownAuthority(ClusterView view) {
        return view.observed()
                .tls()
                .filter(secret -> secret.getData() != null && secret.getData().containsKey(CA))
                .filter(secret -> byOwnAuthority(view, secret)
                        || Objects.equals(
                                secret.getData().get(CA), secret.getData().get("tls.crt")))
                .isPresent();
    }

    /** As cert-manager notes when it writes the Secret: after a change of the issuer it may still be by the former one. */
    private static boolean byOwnAuthority(ClusterView view, Secret secret) {
        Map<String, String> notes =
                Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
        return OwnAuthority.signs(view.cluster(), view.settings())
                && view.names().authority().equals(notes.get("cert-manager.io/issuer-name"))
                && OwnAuthority.ISSUER.equals(notes.get("cert-manager.io/issuer-kind"));
    }
}
