package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StuckCreationTest {

    private static final Instant BEGAN = Instant.parse("2026-03-01T12:00:00Z");
    private static final StartupDiagnostics FACTS = new StartupDiagnostics(Set.of(), Map.of());

    private static ClusterView view(int minutes, Members member) {
        PostgresCluster cluster = Clusters.cluster("""
                tls: {enabled: false}
                restore: {source: {type: S3, bucket: b, region: r, credentialsSecret: s, encryptionKeySecret: k}}
                """);
        cluster.setStatus(PostgresClusterStatus.builder()
                .phase(ClusterPhase.CREATING)
                .phaseStartedAt(BEGAN.toString())
                .build());
        Member built = member.build();
        return Runs.of(cluster, Observed.members(built).build(), BEGAN.plusSeconds(minutes * 60L));
    }

    private static Members fetching() {
        return Members.member(0, false, false)
                .annotated(
                        Map.of(Annotations.RESTORE, "{\"identity\":\"i\",\"state\":\"fetching\",\"backup\":\"F1\"}"));
    }

    @Test
    @Acceptance(34)
    void aRestoreTakesAsLongAsItTakes() {
        for (int minutes : new int[] {11, 30}) {
            ClusterView restoring = view(minutes, fetching());
            assertThat(StuckCreation.due(restoring))
                    .as("the cause is looked for")
                    .isTrue();
            assertThat(StuckCreation.of(restoring, FACTS, Optional.empty()))
                    .as("after %d minutes", minutes)
                    .isEmpty();
        }
    }

    @Test
    void aMemberThatDoesNotStartIsTheCauseAfterTenMinutes() {
        assertThat(StuckCreation.due(view(10, fetching()))).isFalse();
        Optional<Rejected> cause =
                StuckCreation.of(view(11, fetching().waiting("ImagePullBackOff")), FACTS, Optional.empty());
        assertThat(cause).hasValueSatisfying(rejected -> {
            assertThat(rejected.reason()).isEqualTo(Reason.CREATING_TIMEOUT);
            assertThat(rejected.message()).contains("c-0");
        });
    }
}
