package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster without KEDA's kinds. They are taken away for its time, so this class is one of the last. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(Integer.MAX_VALUE - 1)
class WithoutKedaApiTest {
    private final Namespace ns;
    private List<CustomResourceDefinition> kinds = List.of();

    WithoutKedaApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void remove() {
        kinds = ns.client().apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(crd -> crd.getSpec().getGroup().equals("keda.sh"))
                .toList();
        for (var kind : kinds) {
            ns.kubectl("delete", "crd", kind.getMetadata().getName(), "--timeout=60s")
                    .orThrow();
        }
        // Another environment than the other classes': the operator looks for KEDA when it starts.
        ApiServer.operator(Map.of("POSTGRES_OPERATOR_RESYNC_SECONDS", "6"));
    }

    @AfterAll
    void giveBack() {
        for (var kind : kinds) {
            if (ns.client()
                            .apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(kind.getMetadata().getName())
                            .get()
                    == null) {
                ns.client()
                        .resource(new CustomResourceDefinitionBuilder(kind)
                                .withNewMetadata()
                                .withName(kind.getMetadata().getName())
                                .withLabels(kind.getMetadata().getLabels())
                                .withAnnotations(kind.getMetadata().getAnnotations())
                                .endMetadata()
                                .withStatus(null)
                                .build())
                        .create();
            }
        }
    }

    @Test
    @Acceptance(145)
    @BadInput(46)
    void theClusterRunsAndIsScaledWhenItComes() {
        Cluster cluster = ns.apply(Manifest.cluster("alone")
                        .noTls()
                        .replicas(2)
                        .spec("scaling", Map.of("enabled", true, "minReplicas", 2, "connectionThreshold", 100)))
                .awaitPhase("Running");
        assertThat(cluster.awaitCondition("AutoscalingActive", "False", "KedaNotInstalled")
                        .message())
                .contains("the cluster runs with spec.replicas = 2");
        cluster.awaitEvent("KedaNotInstalled");
        assertThat(cluster.pods()).hasSize(2);

        giveBack();
        cluster.awaitCondition("AutoscalingActive", "True", "ScaledObjectApplied");
        ns.kubectl("scale", "sts", "alone", "--replicas=3").orThrow();
        Waiting.until(
                "the autoscaler's number is kept",
                Waiting.SHORT,
                cluster::status,
                status -> status.path("readyReplicas").asInt() == 3
                        && status.path("phase").asText().equals("Running"));
        assertThat(cluster.eventCount("KedaNotInstalled")).isEqualTo(1);
    }
}
