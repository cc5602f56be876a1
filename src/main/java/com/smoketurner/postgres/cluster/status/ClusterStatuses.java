package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.reconcile.Conditions;
import org.jspecify.annotations.Nullable;

/** What a status is, or still says, without a whole reconciliation. */
public final class ClusterStatuses {

    private ClusterStatuses() {}

    /** The status of a cluster whose deletion has begun. */
    public static PostgresClusterStatus deleting(ClusterView view, @Nullable PostgresClusterStatus shown) {
        PostgresClusterStatus previous =
                shown == null ? PostgresClusterStatus.builder().build() : shown;
        Conditions conditions = new Conditions(
                previous.conditions(), view.cluster().getMetadata().getGeneration(), view.now());
        conditions.add(ConditionType.READY.label(), false, Reason.DELETING.label(), "the cluster is being deleted");
        conditions.add(
                ConditionType.PROGRESSING.label(), true, Reason.TERMINATING.label(), "the cluster is being deleted");
        return previous.toBuilder()
                .phase(ClusterPhase.DELETING)
                .phaseStartedAt(PhaseSection.since(previous, ClusterPhase.DELETING, view.now()))
                .conditions(conditions.replaced())
                .retryCount(null)
                .lastError(null)
                .lastErrorTime(null)
                .build();
    }

    /** Whether what a status says of the primary and of how far the replicas are is still so. */
    public static boolean holds(PostgresClusterStatus shown, ClusterView glance) {
        return glance.observed()
                        .primary(glance.now())
                        .map(Member::name)
                        .filter(name -> name.equals(shown.primaryPod()))
                        .isPresent()
                && LagSection.entries(glance, shown).equals(shown.replicationLag());
    }
}
