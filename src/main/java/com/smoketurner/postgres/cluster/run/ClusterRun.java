package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.naming.Names;
import java.time.Instant;

/**
 * One reconciliation of one cluster as a step is given it.
 *
 * @param view what is known; decisions get this alone
 * @param applier writes to the API server
 */
public record ClusterRun(ClusterView view, Applier applier) {

    public PostgresCluster cluster() {
        return view.cluster();
    }

    public ObservedCluster observed() {
        return view.observed();
    }

    public PostgresClusterSpec spec() {
        return view.spec();
    }

    public Names names() {
        return view.names();
    }

    public String namespace() {
        return view.namespace();
    }

    public Instant now() {
        return view.now();
    }
}
