package com.smoketurner.postgres.kube.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CachePrunerTest {

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("c-0")
                .withUid("uid")
                .withGeneration(3L)
                .addToLabels("spilo-role", "master")
                .addToAnnotations("status", "{\"state\":\"running\",\"role\":\"primary\",\"timeline\":7}")
                .addNewManagedField()
                .withManager(ApiGroup.FIELD_MANAGER)
                .endManagedField()
                .endMetadata()
                .withNewSpec()
                .withNodeName("node")
                .withServiceAccountName("account")
                .addNewContainer()
                .withName(Member.CONTAINER)
                .withImage("image")
                .withCommand("patroni")
                .withNewResources()
                .addToRequests("cpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(3L)
                .withStartTime("2026-01-01T00:00:00Z")
                .withResize("Deferred")
                .withPodIP("10.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("no node")
                .endCondition()
                .addNewInitContainerStatus()
                .withName("init")
                .endInitContainerStatus()
                .addNewContainerStatus()
                .withName(Member.CONTAINER)
                .withContainerID("id")
                .withNewState()
                .withNewWaiting("no image", "ErrImagePull")
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    @Test
    void ofAPodIsKeptWhatDecisionsDependOn() {
        Pod kept = CachePruner.keep(pod());
        assertThat(Member.of(kept)).isEqualTo(Member.of(pod()));
        assertThat(kept.getSpec().getServiceAccountName()).isNull();
        assertThat(kept.getSpec().getContainers().getFirst().getCommand()).isEmpty();
        assertThat(kept.getStatus().getPodIP()).isNull();
        assertThat(kept.getStatus().getInitContainerStatuses()).isEmpty();
        assertThat(kept.getMetadata().getManagedFields()).isEmpty();
    }

    @Test
    void ofEndpointsAreKeptTheAnnotations() {
        Endpoints endpoints = new EndpointsBuilder()
                .withNewMetadata()
                .withName("c")
                .addToAnnotations("leader", "c-0")
                .endMetadata()
                .addNewSubset()
                .addNewAddress()
                .withIp("10.0.0.1")
                .endAddress()
                .endSubset()
                .build();
        Endpoints kept = CachePruner.keep(endpoints);
        assertThat(kept.getMetadata().getAnnotations()).isEqualTo(Map.of("leader", "c-0"));
        assertThat(kept.getSubsets()).isEmpty();
    }
}
