package com.smoketurner.postgres.cluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.Autoscaler;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AutoscalingSectionTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SCALED =
            "scaling: {enabled: true, minReplicas: 2, maxReplicas: 5, connectionThreshold: 100}";

    private PostgresClusterStatus shown = PostgresClusterStatus.builder().build();

    private static GenericKubernetesResource scaledObject(String ready) {
        return Serialization.unmarshal("""
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: my-cluster-scaledobject, namespace: default}
                status:
                  conditions:
                  - {type: Ready, status: "%s", message: "no connection to my-cluster-1"}
                """.formatted(ready), GenericKubernetesResource.class);
    }

    /** The events of this report, whose status is shown from now on. */
    private List<String> events(String spec, Optional<Outcome> outcome, String leader, String reader, String ready) {
        var cluster = Clusters.cluster(spec);
        cluster.getMetadata().setGeneration(1L);
        var observed = Observed.members(
                        Members.member(0, leader.equals("c-0"), true).build(),
                        Members.member(1, false, true)
                                .userLabels(Map.of(Project.GROUP + "/reader", reader))
                                .build(),
                        Members.member(2, leader.equals("c-2"), true).build())
                .leader(leader, NOW)
                .autoscaler(new Autoscaler(
                        true, ready.isEmpty() ? Optional.empty() : Optional.of(scaledObject(ready)), Optional.empty()))
                .build();
        var report = new ClusterReport(
                Runs.of(cluster, observed, NOW),
                outcome.map(answer -> Map.of(Part.AUTOSCALING, answer)).orElse(Map.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
        var draft = new StatusDraft(report, shown);
        new AutoscalingSection().write(report, draft);
        shown = draft.status();
        return draft.events().stream().map(EventMessage::reason).toList();
    }

    private List<String> events(String reader, String ready) {
        return events(SCALED, Optional.of(Outcome.DONE), "c-0", reader, ready);
    }

    private Condition condition() {
        return shown.conditions().getFirst();
    }

    @Test
    void notAskedFor() {
        assertThat(events("replicas: 2", Optional.of(Outcome.DONE), "c-0", "true", ""))
                .isEmpty();
        assertThat(condition().reason()).isEqualTo("ScalingDisabled");
        events("replicas: 3\nscaling: {enabled: true, maxReplicas: 3}", Optional.of(Outcome.DONE), "c-0", "true", "");
        assertThat(condition().reason()).isEqualTo("NoHeadroom");
        assertThat(condition().message())
                .isEqualTo("scaling.maxReplicas (3) is not higher than scaling.minReplicas (3)");
    }

    @Test
    void whatIsMissingIsToldOnce() {
        var missing = Optional.<Outcome>of(new Outcome.Unsupported(Reason.KEDA_NOT_INSTALLED, "install it"));
        assertThat(events(SCALED, missing, "c-0", "true", "")).containsExactly("KedaNotInstalled");
        assertThat(condition().status()).isEqualTo("False");
        assertThat(events(SCALED, missing, "c-0", "true", "")).isEmpty();
        assertThat(events(SCALED, Optional.empty(), "c-0", "true", ""))
                .as("a step that was not taken says nothing new")
                .isEmpty();
        assertThat(condition().reason()).isEqualTo("KedaNotInstalled");
    }

    @Test
    void utilizationNeedsARequest() {
        assertThat(events("scaling: {enabled: true, maxReplicas: 5}", Optional.of(Outcome.DONE), "c-0", "true", ""))
                .containsExactly("CpuRequestMissing");
        events(
                "resources: {limits: {cpu: 1}}\nscaling: {enabled: true, maxReplicas: 5}",
                Optional.of(Outcome.DONE),
                "c-0",
                "true",
                "");
        assertThat(condition().reason()).isEqualTo("ScaledObjectApplied");
    }

    @Test
    void kedaIsQuoted() {
        assertThat(events("true", "")).isEmpty();
        assertThat(condition().message()).isEqualTo("KEDA scales between 2 and 5 members; it has not answered yet");
        events("true", "True");
        assertThat(condition().status()).isEqualTo("True");
        assertThat(condition().message()).isEqualTo("KEDA scales between 2 and 5 members");
        assertThat(events("true", "False")).containsExactly("ScaledObjectNotReady");
        assertThat(condition().message()).endsWith("the number of members stays: no connection to my-cluster-1");
    }

    @Test
    void aLaggingReplicaPausesAndResumes() {
        events("true", "True");
        assertThat(events("false", "True")).containsExactly("ScaleOutPaused");
        assertThat(condition().message()).isEqualTo("no members are added while c-1 is too far behind");
        assertThat(events("false", "True")).isEmpty();
        assertThat(events("true", "True")).containsExactly("ScaleOutResumed");
    }

    @Test
    void aPrimaryThatMayBeRemovedIsSaid() {
        events(SCALED, Optional.of(Outcome.DONE), "c-2", "true", "True");
        assertThat(condition().status()).isEqualTo("True");
        assertThat(condition().message()).endsWith("no members are removed until the primary is one of the first 2");
    }
}
