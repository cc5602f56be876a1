package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.autoscaling.AutoscalingSection;
import com.smoketurner.postgres.cluster.backup.BackupSection;
import com.smoketurner.postgres.cluster.network.NetworkSection;
import com.smoketurner.postgres.cluster.pooler.PoolerSection;
import com.smoketurner.postgres.cluster.restore.RestoreSection;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.cluster.upgrade.UpgradeSection;
import com.smoketurner.postgres.cluster.verify.VerifySection;
import com.smoketurner.postgres.kube.EventMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation shows, as a function of its report and of the status shown so far.
 *
 * @param status the whole new status; what it leaves out is gone
 * @param events of what has changed since the status shown so far; none in a steady state
 */
public record StatusUpdate(PostgresClusterStatus status, List<EventMessage> events) {

    /** In the order in which they need each other: the phase is derived from the conditions. */
    private static final List<Section> SECTIONS = List.of(
            new AvailabilitySection(),
            new FailureSection(),
            new SpecSection(),
            new ParametersSection(),
            new ProgressSection(),
            new ResizeSection(),
            new TlsSection(),
            new NetworkSection(),
            new StorageSection(),
            new BackupSection(),
            new VerifySection(),
            new RestoreSection(),
            new LagSection(),
            new PoolerSection(),
            new ConnectionSection(),
            new UpgradeSection(),
            new CredentialsSection(),
            new AutoscalingSection(),
            new PhaseSection());

    /**
     * What to show after a reconciliation.
     *
     * @param shown the status shown so far; null before the first one
     */
    public static StatusUpdate of(ClusterReport report, @Nullable PostgresClusterStatus shown) {
        var draft = new StatusDraft(
                report, shown == null ? PostgresClusterStatus.builder().build() : shown);
        SECTIONS.forEach(section -> section.write(report, draft));
        return new StatusUpdate(draft.status(), draft.events());
    }
}
