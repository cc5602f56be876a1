package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Members;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeedsTest {

    private static ResourceRequirements resources(String cpu, String memory, String memoryLimit) {
        return new ResourceRequirementsBuilder()
                .withRequests(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)))
                .withLimits(Map.of("memory", new Quantity(memoryLimit)))
                .build();
    }

    private static PodTemplateSpec template(ResourceRequirements resources) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withAnnotations(Map.of(Project.GROUP + "/pod-template-hash", "hash"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("postgres")
                .withResources(resources)
                .withResizePolicy(
                        new ContainerResizePolicy("cpu", "NotRequired"),
                        new ContainerResizePolicy("memory", "RestartContainer"))
                .endContainer()
                .endSpec()
                .build();
    }

    private static Need need(Member member, ResourceRequirements wanted, boolean inPlace) {
        return new Needs(template(wanted), inPlace).of(member);
    }

    private static Members member() {
        return Members.member(1, false, true).resources(resources("500m", "1Gi", "2Gi"));
    }

    @Test
    void theSameInAnotherSpellingIsTheSame() {
        assertThat(need(member().build(), resources("0.5", "1024Mi", "2Gi"), true))
                .isEqualTo(Need.NONE);
    }

    @Test
    void processorsAreGivenToARunningServer() {
        assertThat(need(member().build(), resources("1", "1Gi", "2Gi"), true)).isEqualTo(Need.RESIZE);
        assertThat(need(member().build(), resources("1", "1Gi", "2Gi"), false)).isEqualTo(Need.RECREATE);
    }

    @Test
    void memoryRestartsTheContainer() {
        assertThat(need(member().build(), resources("1", "1Gi", "3Gi"), true)).isEqualTo(Need.RESTART_CONTAINER);
    }

    @Test
    void anotherClassOfServiceNeedsANewPod() {
        assertThat(need(member().build(), new ResourceRequirements(), true)).isEqualTo(Need.RECREATE);
        var guaranteed = new ResourceRequirementsBuilder(resources("500m", "2Gi", "2Gi"))
                .addToLimits("cpu", new Quantity("500m"))
                .build();
        assertThat(need(member().build(), guaranteed, true)).isEqualTo(Need.RECREATE);
    }

    @Test
    void whatTheNodeCannotGiveNeedsANewPod() {
        assertThat(need(
                        member().condition("PodResizePending", "Infeasible").build(),
                        resources("500m", "1Gi", "2Gi"),
                        true))
                .isEqualTo(Need.RECREATE);
        assertThat(need(
                        member().condition("PodResizePending", "Deferred").build(),
                        resources("500m", "1Gi", "2Gi"),
                        true))
                .isEqualTo(Need.NONE);
    }

    @Test
    void aNewPodIsARestartToo() {
        var pending = member().pending("max_connections", "100", "200");
        assertThat(need(pending.build(), resources("500m", "1Gi", "2Gi"), true)).isEqualTo(Need.RESTART_SERVER);
        assertThat(need(pending.hash("old").build(), resources("500m", "1Gi", "2Gi"), true))
                .isEqualTo(Need.RECREATE);
    }
}
