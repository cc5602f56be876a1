package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;

/** Placeholder of the skeleton. */
public final class ClusterReconciler implements Reconciler<PostgresCluster> {
    @Override
    public UpdateControl<PostgresCluster> reconcile(PostgresCluster cluster, Context<PostgresCluster> context) {
        return UpdateControl.noUpdate();
    }
}
