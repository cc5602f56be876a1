package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.RequestedResources;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Members;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PodTemplateDiffTest {

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

    private static RequiredUpdate update(Member member, ResourceRequirements wanted, boolean inPlace) {
        return new PodTemplateDiff(template(wanted), inPlace).of(member);
    }

    private static Members member() {
        return Members.member(1, false, true).resources(resources("500m", "1Gi", "2Gi"));
    }

    @Test
    void theSameInAnotherSpellingIsTheSame() {
        assertThat(update(member().build(), resources("0.5", "1024Mi", "2Gi"), true))
                .isEqualTo(RequiredUpdate.NONE);
    }

    @Test
    void processorsAreGivenToARunningServer() {
        assertThat(update(member().build(), resources("1", "1Gi", "2Gi"), true)).isEqualTo(RequiredUpdate.RESIZE);
        assertThat(update(member().build(), resources("1", "1Gi", "2Gi"), false))
                .isEqualTo(RequiredUpdate.RECREATE);
    }

    @Test
    void memoryRestartsTheContainer() {
        assertThat(update(member().build(), resources("1", "1Gi", "3Gi"), true))
                .isEqualTo(RequiredUpdate.RESTART_CONTAINER);
    }

    @Test
    void anotherClassOfServiceNeedsANewPod() {
        assertThat(update(member().build(), new ResourceRequirements(), true)).isEqualTo(RequiredUpdate.RECREATE);
        var guaranteed = new ResourceRequirementsBuilder(resources("500m", "2Gi", "2Gi"))
                .addToLimits("cpu", new Quantity("500m"))
                .build();
        assertThat(update(member().build(), guaranteed, true)).isEqualTo(RequiredUpdate.RECREATE);
    }

    @Test
    void whatTheNodeCannotGiveNeedsANewPod() {
        assertThat(update(
                        member().condition("PodResizePending", "Infeasible").build(),
                        resources("500m", "1Gi", "2Gi"),
                        true))
                .isEqualTo(RequiredUpdate.RECREATE);
        assertThat(update(
                        member().condition("PodResizePending", "Deferred").build(),
                        resources("500m", "1Gi", "2Gi"),
                        true))
                .isEqualTo(RequiredUpdate.NONE);
    }

    @Test
    void aNewPodIsARestartToo() {
        var pending = member().pending("max_connections", "100", "200");
        assertThat(update(pending.build(), resources("500m", "1Gi", "2Gi"), true))
                .isEqualTo(RequiredUpdate.RESTART_SERVER);
        assertThat(update(pending.hash("old").build(), resources("500m", "1Gi", "2Gi"), true))
                .isEqualTo(RequiredUpdate.RECREATE);
    }

    private static final ResourceRequirements NONE = new ResourceRequirements();

    /** A member whose pod was created from a template with the first resources, and that admission gave the second. */
    private static Members admitted(ResourceRequirements asked, ResourceRequirements given) {
        return Members.member(1, false, true)
                .resources(given)
                .annotated(Map.of(
                        Annotations.REQUESTED_RESOURCES,
                        RequestedResources.atCreation(asked).text()));
    }

    private static ResourceRequirements cpu(String request) {
        return new ResourceRequirementsBuilder()
                .withRequests(Map.of("cpu", new Quantity(request)))
                .build();
    }

    @Test
    void whatAdmissionAddsReplacesOrTakesAwayIsNoNeed() {
        for (boolean inPlace : List.of(true, false)) {
            assertThat(update(
                            admitted(NONE, resources("100m", "256Mi", "512Mi")).build(), NONE, inPlace))
                    .as("the defaults of a limit range")
                    .isEqualTo(RequiredUpdate.NONE);
            assertThat(update(admitted(cpu("1"), cpu("150m")).build(), cpu("1"), inPlace))
                    .as("another amount")
                    .isEqualTo(RequiredUpdate.NONE);
            assertThat(update(admitted(cpu("1"), NONE).build(), cpu("1"), inPlace))
                    .as("no amount")
                    .isEqualTo(RequiredUpdate.NONE);
        }
    }

    @Test
    void whatTheSpecChangesBesideIsANeed() {
        var given = resources("500m", "256Mi", "512Mi");
        var member = admitted(cpu("500m"), given).build();
        assertThat(update(member, cpu("600m"), true)).isEqualTo(RequiredUpdate.RESIZE);
        assertThat(new PodTemplateDiff(template(cpu("600m")), true).resizeOf(member))
                .isEqualTo(cpu("600m"));
        assertThat(update(member, NONE, true)).as("taken away").isEqualTo(RequiredUpdate.RECREATE);
        assertThat(update(member, cpu("600m"), false)).isEqualTo(RequiredUpdate.RECREATE);
        var memory = new ResourceRequirementsBuilder(cpu("500m"))
                .withLimits(Map.of("memory", new Quantity("1Gi")))
                .build();
        assertThat(update(member, memory, true))
                .as("an amount of its own instead of the default")
                .isEqualTo(RequiredUpdate.RESTART_CONTAINER);
        assertThat(update(member, given, true))
                .as("the spec asks for what it has already")
                .isEqualTo(RequiredUpdate.NONE);
    }

    @Test
    void thePodIsSetBackThatSomebodyChangesLater() {
        var changed = admitted(resources("500m", "1Gi", "2Gi"), resources("700m", "1Gi", "2Gi"))
                .generation(2)
                .build();
        assertThat(update(changed, resources("500m", "1Gi", "2Gi"), true)).isEqualTo(RequiredUpdate.RESIZE);
        var resized = Members.member(1, false, true)
                .resources(cpu("150m"))
                .generation(2)
                .annotated(Map.of(
                        Annotations.REQUESTED_RESOURCES,
                        RequestedResources.since(2, cpu("1")).text()))
                .build();
        assertThat(update(resized, cpu("1"), true))
                .as("admission has had its way with the resize as well")
                .isEqualTo(RequiredUpdate.NONE);
    }

    @Test
    void aPodOfTheStatefulSetsRevisionIsNotOutdatedWhateverItsAnnotationsSay() {
        var stripped = Members.member(1, false, true)
                .hash("taken away")
                .resources(resources("100m", "256Mi", "512Mi"))
                .userLabels(Map.of("controller-revision-hash", "c-7d"))
                .build();
        assertThat(new PodTemplateDiff(template(NONE), true, "c-7d", true).of(stripped))
                .isEqualTo(RequiredUpdate.NONE);
        assertThat(new PodTemplateDiff(template(NONE), true, "c-8e", true).of(stripped))
                .isEqualTo(RequiredUpdate.RECREATE);
        assertThat(new PodTemplateDiff(template(NONE), true).of(stripped)).isEqualTo(RequiredUpdate.RECREATE);
    }

    @Test
    void whatAdmissionHasChangedIsNamed() {
        var diff = new PodTemplateDiff(template(cpu("1")), true);
        assertThat(diff.admitted(
                        admitted(cpu("1"), resources("150m", "256Mi", "512Mi")).build()))
                .contains(
                        "limits.memory: (unset) -> 512Mi, requests.cpu: 1 -> 150m, requests.memory: (unset) -> 256Mi");
        assertThat(diff.admitted(admitted(cpu("1"), cpu("1000m")).build())).isEmpty();
    }

    @Test
    void withoutResizesWhatElseThereIsIsDone() {
        var diff = new PodTemplateDiff(template(resources("1", "1Gi", "3Gi")), true);
        assertThat(diff.of(member().build())).isEqualTo(RequiredUpdate.RESTART_CONTAINER);
        assertThat(diff.withoutResizes().of(member().build())).isEqualTo(RequiredUpdate.NONE);
        assertThat(diff.withoutResizes()
                        .of(member().pending("max_connections", "100", "200").build()))
                .isEqualTo(RequiredUpdate.RESTART_SERVER);
        assertThat(diff.withoutResizes().of(member().hash("old").build())).isEqualTo(RequiredUpdate.RECREATE);
    }

    /** However admission changes what it is given, a pod is recreated at most once for one spec. */
    @Test
    void noDifferenceRecreatesAPodTwice() {
        List<UnaryOperator<ResourceRequirements>> policies = List.of(
                asked -> asked,
                asked -> new ResourceRequirementsBuilder(asked)
                        .addToLimits("memory", new Quantity("512Mi"))
                        .addToRequests("ephemeral-storage", new Quantity("1Gi"))
                        .build(),
                asked -> cpu("150m"),
                asked -> NONE);
        List<ResourceRequirements> specs = List.of(NONE, cpu("1"), resources("500m", "1Gi", "2Gi"));
        for (var policy : policies) {
            for (var before : specs) {
                for (var after : specs) {
                    var old = admitted(before, policy.apply(before)).build();
                    var recreated = admitted(after, policy.apply(after)).build();
                    assertThat(update(old, before, true)).isEqualTo(RequiredUpdate.NONE);
                    assertThat(update(recreated, after, true)).isEqualTo(RequiredUpdate.NONE);
                    if (update(old, after, true) == RequiredUpdate.RECREATE) {
                        assertThat(after).isNotEqualTo(before);
                    }
                }
            }
        }
    }
}
