package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.kube.PrometheusOperator;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code <c>-metrics}: has the Prometheus operator scrape the exporters of the members. */
public final class PodMonitors {

    private PodMonitors() {}

    public static GenericKubernetesResource of(PostgresCluster cluster) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(PrometheusOperator.API_VERSION)
                .withKind(PrometheusOperator.POD_MONITOR)
                .withMetadata(Metadata.of(cluster, Names.of(cluster).metricsService(), Component.METRICS))
                .addToAdditionalProperties(
                        "spec",
                        new TreeMap<>(Map.of(
                                "selector", Map.of("matchLabels", new TreeMap<>(Labels.memberSelector(cluster))),
                                "podTargetLabels", List.of(Labels.CLUSTER, Labels.ROLE),
                                "podMetricsEndpoints", List.of(Map.of("port", ExporterContainer.PORT)))))
                .build();
    }
}
