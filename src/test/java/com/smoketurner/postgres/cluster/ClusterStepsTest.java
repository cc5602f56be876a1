package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterStepsTest {

    private static final Set<Part> ALWAYS = EnumSet.of(Part.SPEC, Part.ROUTING, Part.READERS);

    private final PostgresCluster cluster = Clusters.cluster("replicas: 1");

    private record FakeStep(Part part, Supplier<Outcome> answer) implements Step {
        @Override
        public Outcome run(ClusterRun run) {
            return answer.get();
        }
    }

    /** What comes of a reconciliation in which this part answers so and all others are done. */
    private Map<Part, Outcome> take(Part other, Supplier<Outcome> answer) {
        List<Step> steps = Stream.of(Part.values())
                .<Step>map(part -> new FakeStep(part, part == other ? answer : () -> Outcome.DONE))
                .toList();
        return ClusterSteps.take(
                steps, Runs.notWriting(Runs.of(cluster, Instant.parse("2026-03-01T12:00:00Z"), "c-0", List.of())));
    }

    private static Supplier<Outcome> failing(int code) {
        return () -> {
            throw new KubernetesClientException("no", code, null);
        };
    }

    @Test
    void aPartThatFailsHoldsUpNoOther() {
        for (Part part : EnumSet.range(Part.PASSWORDS, Part.SWITCHOVER)) {
            var outcomes = take(part, failing(422));
            assertThat(outcomes).hasSize(Part.values().length);
            assertThat(outcomes.get(part)).isEqualTo(new Outcome.Failed("no"));
            assertThat(outcomes.get(Part.ROLLOUT)).isEqualTo(Outcome.DONE);
        }
    }

    @Test
    void anErrorOfOurOwnHoldsUpNoOtherPartEither() {
        var outcomes = take(Part.SERVICES, () -> {
            throw new IllegalStateException("a defect");
        });
        assertThat(outcomes.get(Part.SERVICES)).isEqualTo(new Outcome.Failed("a defect"));
        assertThat(outcomes.get(Part.ROLLOUT)).isEqualTo(Outcome.DONE);
    }

    /** A pod that is started without its configuration, or with an old one, would be worse than none. */
    @Test
    void noPodIsStartedWhileSomethingItIsStartedFromFails() {
        for (Part part : List.of(Part.CREDENTIALS, Part.ACCESS, Part.CONFIGURATION, Part.TLS)) {
            assertThat(take(part, failing(403)))
                    .doesNotContainKeys(Part.MEMBERS, Part.ROLLOUT)
                    .containsKeys(Part.ROUTING, Part.PASSWORDS, Part.SWITCHOVER);
        }
    }

    @Test
    void nothingMoreIsTriedWhileTheApiServerIsAway() {
        for (int code : List.of(0, 429, 500, 503)) {
            assertThatThrownBy(() -> take(Part.PASSWORDS, failing(code))).isInstanceOf(KubernetesClientException.class);
        }
    }

    @Test
    void clientsAreRoutedWhateverStopsTheRest() {
        assertThat(take(Part.SPEC, () -> new Outcome.Rejected(Reason.RESERVED_PARAMETER, "port")))
                .containsOnlyKeys(ALWAYS);
        assertThat(take(Part.TLS, () -> new Outcome.Waiting(Reason.WAITING_FOR_CERTIFICATE, "not yet", Duration.ZERO)))
                .doesNotContainKey(Part.MEMBERS)
                .containsKeys(Part.ROUTING, Part.READERS);
        cluster.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
        assertThat(take(Part.SPEC, () -> Outcome.DONE)).containsOnlyKeys(ALWAYS);
    }

    @Test
    void whatWaitsElsewhereStopsNothing() {
        assertThat(take(
                        Part.CERTIFICATE_RELOAD,
                        () -> new Outcome.Waiting(Reason.RELOADING_CERTIFICATE, "not yet", Duration.ZERO)))
                .containsKey(Part.ROLLOUT);
    }
}
