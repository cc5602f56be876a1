package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a replica can reach the primary for a backup. pgBackRest needs that, through a server in the primary's pod which gives
 * all data to whoever has a certificate with the name of the cluster. WAL-G needs the replica alone.
 */
final class ReplicaServing {

    private ReplicaServing() {}

    /** Whether the members are to serve each other. */
    static boolean possible(ClusterView view) {
        return served(view) && view.spec().tlsEnabled() && ownAuthority(view);
    }

    /** Why no replica can take a backup; nothing where one can. */
    static Optional<String> obstacle(ClusterView view) {
        if (!served(view)) {
            return Optional.empty();
        }
        if (!view.spec().tlsEnabled()) {
            return Optional.of(
                    "engine PgBackRest takes a backup from a replica over TLS only, and spec.tls is disabled");
        }
        return ownAuthority(view)
                ? Optional.empty()
                : Optional.of(
                        "the certificate is not signed by itself, and whoever has one of the same authority could read the data through the server that engine PgBackRest needs on the primary; use an issuer of type selfSigned");
    }

    /** Whether a member speaks TLS already; while TLS is being enabled some do not. */
    static boolean ready(ClusterView view, Member member) {
        return !served(view) || (member.patroni() != null && member.patroni().secure());
    }

    private static boolean served(ClusterView view) {
        return RepositoryAnswers.backupEngine(view) == BackupEngine.PG_BACK_REST;
    }

    /** Whether nobody else has a certificate that the members trust: theirs is its own authority. */
    private static boolean ownAuthority(ClusterView view) {
        return view.observed()
                .tls()
                .map(Secret::getData)
                .filter(data -> data.containsKey("ca.crt") && Objects.equals(data.get("ca.crt"), data.get("tls.crt")))
                .isPresent();
    }
}
