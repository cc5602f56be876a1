package com.smoketurner.postgres.naming;

import static com.smoketurner.postgres.testing.values.Clusters.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
    @Test
    void userLabelsComeWithTheOperators() {
        var labels = Labels.of(cluster("labels: {team: platform}"), Component.POSTGRESQL);

        assertThat(labels)
                .containsEntry("team", "platform")
                .containsEntry("app.kubernetes.io/name", "my-cluster")
                .containsEntry("app.kubernetes.io/instance", "my-cluster")
                .containsEntry("app.kubernetes.io/component", "postgresql")
                .containsEntry("app.kubernetes.io/managed-by", "postgres-operator")
                .containsEntry("postgres-operator.smoketurner.com/cluster", "my-cluster");
    }

    @Test
    void reservedKeysAreIgnoredAndNamed() {
        var cluster = cluster("""
                labels:
                  postgres-operator.smoketurner.com/cluster: x
                  app.kubernetes.io/managed-by: me
                  app.kubernetes.io/part-of: shop
                  statefulset.kubernetes.io/pod-name: y
                  apps.kubernetes.io/pod-index: "7"
                  controller-revision-hash: z
                  spilo-role: master
                  team: platform
                """);

        assertThat(Labels.user(cluster)).containsOnlyKeys("app.kubernetes.io/part-of", "team");
        assertThat(Labels.ignored(cluster))
                .containsExactly(
                        "app.kubernetes.io/managed-by",
                        "apps.kubernetes.io/pod-index",
                        "controller-revision-hash",
                        "postgres-operator.smoketurner.com/cluster",
                        "spilo-role",
                        "statefulset.kubernetes.io/pod-name");
        assertThat(Labels.of(cluster, Component.TLS))
                .containsEntry("postgres-operator.smoketurner.com/cluster", "my-cluster")
                .containsEntry("app.kubernetes.io/managed-by", "postgres-operator");
    }

    @Test
    void selectorsHoldNoUserLabelAndDoNotOverlap() {
        var cluster = cluster("labels: {team: platform}");
        var member = new HashSet<>(Labels.member(cluster).entrySet());
        var pooler = new HashSet<>(Labels.of(cluster, Component.PGBOUNCER).entrySet());
        pooler.add(Map.entry(Labels.POOLER_TYPE, Labels.POOLER_TYPE_PRIMARY));

        for (var selector : List.of(Labels.memberSelector(cluster), Labels.primarySelector(cluster))) {
            assertThat(selector).doesNotContainKey("team");
            assertThat(pooler.containsAll(selector.entrySet())).isFalse();
        }
        assertThat(member).containsAll(Labels.memberSelector(cluster).entrySet());
        assertThat(member).containsAll(Labels.patroni().entrySet());
        var primaryPooler = Labels.poolerSelector(cluster, Labels.POOLER_TYPE_PRIMARY);
        assertThat(pooler).containsAll(primaryPooler.entrySet());
        assertThat(member.containsAll(primaryPooler.entrySet())).isFalse();
        assertThat(pooler.containsAll(Labels.poolerSelector(cluster, Labels.POOLER_TYPE_REPLICA)
                        .entrySet()))
                .isFalse();
    }
}
