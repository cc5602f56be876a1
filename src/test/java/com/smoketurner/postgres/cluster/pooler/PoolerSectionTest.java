package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolerSectionTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    private static StatusDraft draft(String spec, int ready, PoolerPod... pods) {
        var observed = Observed.members(Members.member(0, true, true).build())
                .poolers(ready, pods)
                .build();
        var report = new ClusterReport(
                Runs.of(Clusters.cluster(spec), observed, NOW),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var draft = new StatusDraft(report, PostgresClusterStatus.builder().build());
        new PoolerSection().write(report, draft);
        return draft;
    }

    private static Pod pod(String waiting, String message) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("c-pooler-x")
                .withUid("uid")
                .addToLabels("postgres-operator.smoketurner.com/pooler-type", "primary")
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withName("pgbouncer")
                .withNewState()
                .withNewWaiting()
                .withReason(waiting)
                .withMessage(message)
                .endWaiting()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    @Test
    void whatKeepsAPodFromStartingIsQuoted() {
        PoolerPod pod = PoolerPod.of(pod("ImagePullBackOff", "no such image"));
        assertThat(pod.primary()).isTrue();
        assertThat(pod.serves()).isFalse();
        StatusDraft draft = draft("pgbouncer: {enabled: true, enableReplicaPooler: true}", 3, pod);
        assertThat(draft.message(ConditionType.POOLER_READY))
                .isEqualTo("3 of 4 pods are ready; c-pooler-x: ImagePullBackOff: no such image");
        assertThat(draft.written(ConditionType.POOLER_READY).map(StatusDraft::isTrue))
                .contains(false);
    }

    @Test
    void aPodThatIsAboutToStartIsNoTrouble() {
        assertThat(PoolerPod.of(pod("ContainerCreating", "")).trouble()).isNull();
    }

    @Test
    void nothingIsSaidOfPoolersThatAreNotEnabled() {
        assertThat(draft("pgbouncer: {enabled: false}", 0).conditions()).isEmpty();
        assertThat(draft("pgbouncer: {enabled: true}", 2)
                        .written(ConditionType.POOLER_READY)
                        .map(StatusDraft::isTrue))
                .contains(true);
        assertThat(draft("pgbouncer: {enabled: true, replicas: 3}", 3).message(ConditionType.POOLER_READY))
                .isEqualTo("all 3 pods are ready");
    }
}
