package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicas that a change has created and that have not caught up yet. */
final class Latecomers {

    private Latecomers() {}

    /**
     * Names of the replicas that do not stream, or whose lag exceeds the one of the read Service.
     *
     * @param since when the change began; null where none is under way
     */
    static List<String> of(ClusterReport report, @Nullable Instant since) {
        if (since == null) {
            return List.of();
        }
        return ReplicaLags.of(report.view()).stream()
                .filter(lag -> lag.exceeds() || !lag.member().streaming())
                .map(ReplicaLag::member)
                .filter(member -> member.created() != null
                        && !Instant.parse(member.created()).isBefore(since))
                .map(Member::name)
                .toList();
    }
}
