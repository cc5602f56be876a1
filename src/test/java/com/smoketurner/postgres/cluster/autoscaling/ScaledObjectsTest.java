package com.smoketurner.postgres.cluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.values.Clusters;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScaledObjectsTest {

    private static final ScaleLimits QUIET = new ScaleLimits(List.of(0), 0, List.of());

    private static String triggers(String... spec) {
        PostgresCluster cluster = Clusters.cluster(spec);
        return Json.tree(ScaledObjects.scaledObject(cluster, QUIET))
                .at("/spec/triggers")
                .toString();
    }

    @Test
    @Acceptance(146)
    void aNestedTriggerActsAsTheFlatOne() {
        String flat = "scaling: {enabled: true, cpuTargetUtilization: 70}";
        assertThat(triggers("scaling: {metrics: {cpu: {targetUtilization: 70}}}"))
                .isEqualTo(triggers(flat))
                .contains("\"value\":\"70\"");
        assertThat(triggers("scaling: {metrics: {connections: {targetPerReplica: 50}}}"))
                .isEqualTo(triggers("scaling: {enabled: true, connectionThreshold: 50}"));
    }

    @Test
    void withoutATriggerCpuCounts() {
        assertThat(triggers("scaling: {enabled: true}"))
                .isEqualTo(triggers("scaling: {enabled: true, cpuTargetUtilization: 70}"));
    }

    /** The HorizontalPodAutoscaler goes to a lower upper bound at once, whoever is above it. */
    @Test
    void aLowerBoundWaitsForThePrimary() {
        PostgresCluster cluster = Clusters.cluster("scaling: {enabled: true, minReplicas: 2, maxReplicas: 4}");
        var above = new ScaleLimits(List.of(0), 6, List.of());
        assertThat(Json.tree(ScaledObjects.scaledObject(cluster, above))
                        .at("/spec/maxReplicaCount")
                        .asInt())
                .isEqualTo(7);
        assertThat(above.scaleInPaused(2)).isTrue();
        assertThat(QUIET.scaleInPaused(2)).isFalse();
    }

    @Test
    void theConnectionsOfAPrimaryCountWhereItMayBeAlone() {
        assertThat(ScaledObjects.query(1, 100)).startsWith("SELECT count(*)").doesNotContain("pg_is_in_recovery");
        assertThat(ScaledObjects.query(2, 100))
                .contains("CASE WHEN pg_is_in_recovery()")
                .endsWith("ELSE 100 END");
    }

    /**
     * The worst load for an autoscaler: connections stay where they are, new members get none. By what one replica says the
     * number of members would grow to its limit; by the sum it stops where the connections need it.
     */
    @Property
    void connectionsThatStayWhereTheyAreDoNotGrowTheClusterToItsLimit(
            @ForAll @IntRange(min = 2, max = 10) int start,
            @ForAll @IntRange(min = 0, max = 500) int each,
            @ForAll @IntRange(min = 1, max = 200) int threshold) {
        int limit = 100;
        int connections = each * (start - 1);
        IntUnaryOperator sum = members -> threshold + connections; // the primary counts as one that is fully used
        int end = settle(start, limit, members -> ceil(sum.applyAsInt(members), threshold));
        assertThat(end)
                .isEqualTo(Math.min(limit, Math.max(2, 1 + ceil(connections, threshold))))
                .isEqualTo(settle(end, limit, members -> ceil(sum.applyAsInt(members), threshold)));
        if (each > threshold) {
            assertThat(settle(start, limit, members -> ceil(members * each, threshold)))
                    .as("by one replica that keeps its connections")
                    .isEqualTo(limit);
        }
    }

    private static int settle(int start, int limit, IntUnaryOperator wish) {
        return IntStream.iterate(start, members -> Math.min(limit, Math.max(2, wish.applyAsInt(members))))
                .limit(1000)
                .reduce(start, (before, after) -> after);
    }

    private static int ceil(int value, int by) {
        return (value + by - 1) / by;
    }
}
