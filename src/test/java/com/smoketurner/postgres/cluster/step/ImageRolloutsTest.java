package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImageRolloutsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final ImageRollouts rollouts = new ImageRollouts(1);

    private static ClusterView run(String uid, Instant now, String... images) {
        return own(uid, now, "", images);
    }

    private static ClusterView own(String uid, Instant now, String spec, String... images) {
        var cluster = Clusters.cluster("replicas: " + images.length + "\n" + spec);
        cluster.getMetadata().setUid(uid);
        cluster.getMetadata().setName(uid);
        return Runs.of(
                cluster,
                now,
                "c-0",
                Stream.iterate(0, i -> i < images.length, i -> i + 1)
                        .map(i ->
                                Members.member(i, i == 0, true).image(images[i]).build())
                        .toList());
    }

    private Optional<String> before(ClusterView run) {
        return rollouts.before(run, RolloutStates.diff(run));
    }

    @Test
    void oneAfterTheOther() {
        assertThat(before(run("a", NOW, "old", "old"))).isEmpty();
        assertThat(before(run("b", NOW, "old", "old")))
                .hasValueSatisfying(who -> assertThat(who).endsWith("/a"));
        assertThat(before(run("a", NOW, "old", "image"))).isEmpty();
        assertThat(before(run("b", NOW, "old", "old"))).isPresent();
        assertThat(before(run("a", NOW, "image", "image"))).isEmpty();
        assertThat(before(run("b", NOW, "old", "old"))).isEmpty();
    }

    @Test
    void whoHasBegunGoesOn() {
        assertThat(before(run("a", NOW, "old", "old"))).isEmpty();
        assertThat(before(run("b", NOW, "old", "image"))).isEmpty();
    }

    @Test
    void whoIsGoneKeepsNobodyWaiting() {
        assertThat(before(run("a", NOW, "old"))).isEmpty();
        assertThat(before(run("b", NOW.plusSeconds(60), "old"))).isPresent();
        assertThat(before(run("b", NOW.plusSeconds(121), "old"))).isEmpty();
    }

    @Test
    void theImageOfASpecWaitsForNobody() {
        assertThat(before(run("a", NOW, "old"))).isEmpty();
        assertThat(before(own("b", NOW, "image: own", "old"))).isEmpty();
    }

    /** As a policy does that has all images come from a registry of its own. */
    @Test
    void anImageThatAdmissionReplacesKeepsNobodyWaiting() {
        var cluster = Clusters.cluster("replicas: 1");
        cluster.getMetadata().setUid("a");
        var template =
                RolloutStates.diff(Runs.of(cluster, NOW, "c-0", List.of())).template();
        String hash =
                Objects.requireNonNull(template.getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH));
        var mirrored =
                Members.member(0, true, true).image("mirror/image").hash(hash).build();
        assertThat(before(Runs.of(cluster, NOW, "c-0", List.of(mirrored)))).isEmpty();
        assertThat(before(run("b", NOW, "old", "old"))).isEmpty();
    }
}
