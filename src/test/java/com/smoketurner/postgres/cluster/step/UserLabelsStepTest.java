package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserLabelsStepTest {

    @Test
    void nothingToDoWhenAllAreThere() {
        var cluster = Clusters.cluster("labels: {team: a}");
        var member = Members.member(0, true, true).userLabels(Map.of("team", "a"));
        assertThat(UserLabelsStep.change(cluster, member.build())).isEmpty();
    }

    @Test
    void addsChangesAndRemoves() {
        var cluster = Clusters.cluster("labels: {team: b, stage: test}");
        var member = Members.member(0, true, true).userLabels(Map.of("team", "a", "old", "x"));
        var change = UserLabelsStep.change(cluster, member.build());
        assertThat(change)
                .containsEntry("team", "b")
                .containsEntry("stage", "test")
                .containsEntry("old", null);
        assertThat(change).hasSize(3);
    }

    @Test
    void leavesOtherPeoplesLabelsAlone() {
        var member = Members.member(0, true, true);
        assertThat(UserLabelsStep.change(Clusters.cluster("replicas: 1"), member.build()))
                .isEmpty();
    }

    @Test
    void neverTouchesReservedKeys() {
        var cluster = Clusters.cluster("labels: {spilo-role: replica}");
        assertThat(UserLabelsStep.change(cluster, Members.member(0, true, true).build()))
                .isEmpty();
    }
}
