package com.smoketurner.postgres.cluster.autoscaling;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.Golden;
import com.smoketurner.postgres.testing.values.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenTest {

    private static final ScaleLimits QUIET = new ScaleLimits(List.of(0, 1, 2), 0, List.of());

    @Test
    void byCpu() {
        PostgresCluster cluster = Clusters.cluster(
                "replicas: 3",
                "resources: {requests: {cpu: 500m}}",
                "labels: {team: platform}",
                "scaling: {enabled: true, minReplicas: 3, maxReplicas: 10, cpuTargetUtilization: 70,"
                        + " scaleDownStabilization: 600}");
        Golden.assertMatches("autoscaling/cpu.yaml", ScaledObjects.scaledObject(cluster, QUIET));
    }

    @Test
    void byConnections() {
        PostgresCluster cluster = Clusters.cluster(
                "replicas: 3",
                "scaling: {enabled: true, minReplicas: 3, maxReplicas: 15, connectionThreshold: 100, pollingInterval: 15}");
        Golden.assertMatches("autoscaling/connections.yaml", ScaledObjects.scaledObject(cluster, QUIET));
        Golden.assertMatches("autoscaling/authentication.yaml", ScaledObjects.authentication(cluster));
    }

    /** The larger wish wins. A lagging replica and a primary that may be removed hold it up in either direction. */
    @Test
    void byBothAndPaused() {
        PostgresCluster cluster = Clusters.cluster(
                "tls: {enabled: false}",
                "scaling: {maxReplicas: 4, metrics: {cpu: {targetUtilization: 60}, connections: {targetPerReplica: 50}}}");
        Golden.assertMatches(
                "autoscaling/paused.yaml",
                ScaledObjects.scaledObject(cluster, new ScaleLimits(List.of(1, 4), 4, List.of("my-cluster-1"))));
    }
}
