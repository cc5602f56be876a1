package com.smoketurner.postgres.database;

import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/**
 * SQL by {@code psql} in the pod of the primary, over its local socket (docs/adr/0020).
 *
 * @param pod of the primary
 */
record PodSql(PodExec exec, String namespace, String pod) implements Sql {

    @Override
    public String read(String database, String query) {
        try {
            return checked(Psql.read(exec, namespace, pod, database, query)).output();
        } catch (KubernetesClientException e) {
            throw new SqlFailed(String.valueOf(e.getMessage()), false);
        }
    }

    @Override
    public void change(List<Psql.Script> scripts) {
        try {
            checked(Psql.change(exec, namespace, pod, scripts));
        } catch (KubernetesClientException e) {
            throw new SqlFailed(String.valueOf(e.getMessage()), false);
        }
    }

    private static PodExec.Result checked(PodExec.Result result) {
        if (!result.succeeded()) {
            int done = (int) result.output().lines().filter(Psql.DONE::equals).count();
            throw new SqlFailed(OwnSession.words(result.error()), !Psql.unreached(result), done);
        }
        return result;
    }
}
