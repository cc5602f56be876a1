package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.Optional;

/** How much write-ahead log a server still has, asked of the server itself. */
@Singleton
public final class OldestWal {

    /** The names of segments are their timeline and their number, which is that of their first byte in two parts. */
    private static final String QUERY = """
            SELECT min((('x' || substr(name, 9, 8))::bit(32)::bigint << 32) \
            + ('x' || substr(name, 17, 8))::bit(32)::bigint * pg_size_bytes(current_setting('wal_segment_size'))) \
            FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'""";

    private final PodExec exec;

    OldestWal(PodExec exec) {
        this.exec = exec;
    }

    /** The first byte of it; nothing where the server cannot be asked now. */
    Optional<Long> of(ClusterRun run, Member member) {
        try {
            PodExec.Result result = Psql.query(exec, run.namespace(), member.name(), QUERY);
            String answer = result.output().strip();
            return result.succeeded() && answer.matches("\\d+") ? Optional.of(Long.valueOf(answer)) : Optional.empty();
        } catch (KubernetesClientException e) {
            Log.debugf("the write-ahead log of %s is not known: %s", member.name(), e.getMessage());
            return Optional.empty();
        }
    }
}
