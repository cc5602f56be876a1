package com.smoketurner.postgres.testing.values;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.cluster.run.WalPositions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reconciliations as they would be, for tests of decisions. Nothing can be written. */
public final class Runs {

    /** The operator's configuration in tests that are not about it. */
    public static final Settings SETTINGS = new Settings(
            new TreeMap<>(Map.of("16", "image")),
            "exporter",
            "pooler",
            101,
            103,
            "cluster.local",
            null,
            BackupEngine.PG_BACK_REST,
            "kubernetes",
            true);

    private Runs() {}

    /** One in which this member leads. */
    public static ClusterView of(PostgresCluster cluster, Instant now, String leader, List<Member> members) {
        return of(cluster, now, leader, members, WalPositions.UNKNOWN);
    }

    /** One in which this member leads, and the members are where they are. */
    public static ClusterView of(
            PostgresCluster cluster, Instant now, String leader, List<Member> members, WalPositions positions) {
        return of(
                cluster,
                Observed.members(members)
                        .positions(positions)
                        .leader(leader, now)
                        .build(),
                now);
    }

    /** One in which that is observed. */
    public static ClusterView of(PostgresCluster cluster, ObservedCluster observed, Instant now) {
        return new ClusterView(cluster, observed, SETTINGS, Timeouts.DEFAULT, now);
    }

    /** The same for a step that is not to write: it would fail. */
    @SuppressWarnings("NullAway")
    public static ClusterRun notWriting(ClusterView view) {
        return new ClusterRun(view, null);
    }
}
