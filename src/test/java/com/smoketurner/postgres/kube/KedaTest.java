package com.smoketurner.postgres.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class KedaTest {

    private static GenericKubernetesResource scaledObject(String metadata, String lastActive, String ready) {
        return Serialization.unmarshal("""
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: a, %s}
                status:
                  lastActiveTime: %s
                  conditions:
                  - {type: Active, status: "True"}
                  - {type: Ready, status: "%s", message: why}
                """.formatted(metadata, lastActive, ready), GenericKubernetesResource.class);
    }

    @Test
    void theTimeOfAMeasurementIsNoNews() {
        var before = scaledObject("generation: 1", "2026-03-01T12:00:00Z", "True");
        assertThat(Keda.news(scaledObject("generation: 1", "2026-03-01T12:00:30Z", "True"), before))
                .isFalse();
        assertThat(Keda.news(scaledObject("generation: 2", "2026-03-01T12:00:00Z", "True"), before))
                .isTrue();
        assertThat(Keda.news(
                        scaledObject("generation: 1, annotations: {a: b}", "2026-03-01T12:00:00Z", "True"), before))
                .isTrue();
        assertThat(Keda.news(scaledObject("generation: 1", "2026-03-01T12:00:00Z", "False"), before))
                .isTrue();
    }

    @Test
    void itsAnswer() {
        assertThat(Keda.failure(scaledObject("generation: 1", "2026-03-01T12:00:00Z", "True")))
                .isEmpty();
        assertThat(Keda.failure(scaledObject("generation: 1", "2026-03-01T12:00:00Z", "False")))
                .contains("why");
        var fresh = new GenericKubernetesResource();
        assertThat(Keda.answered(fresh)).isFalse();
        assertThat(Keda.failure(fresh)).isEmpty();
    }
}
