package com.smoketurner.postgres.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Runs;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationQueueTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant UNTIL = NOW.plusSeconds(3600);

    private final VerificationQueue queue = new VerificationQueue();

    private static ClusterView view(String name, Instant now) {
        var cluster = Clusters.cluster();
        cluster.getMetadata().setUid(name);
        cluster.getMetadata().setName(name);
        return Runs.of(cluster, now, "c-0", List.of());
    }

    private boolean take(String name, Instant now) {
        return queue.take(view(name, now), UNTIL);
    }

    @Test
    void oneAfterTheOtherInTheOrderOfTheirRequests() {
        assertThat(take("a", NOW)).isTrue();
        assertThat(take("b", NOW)).isFalse();
        assertThat(take("c", NOW)).isFalse();
        assertThat(take("a", NOW)).isTrue();
        assertThat(queue.release(view("b", NOW))).as("had no turn").isEmpty();
        assertThat(queue.release(view("a", NOW))).contains(new ResourceID("b", "default"));
        assertThat(take("b", NOW)).isTrue();
        assertThat(queue.release(view("b", NOW))).contains(new ResourceID("c", "default"));
        assertThat(queue.release(view("b", NOW))).isEmpty();
    }

    @Test
    void aTestThatRanBeforeTheOperatorStartedHasItsTurn() {
        queue.hold(view("a", NOW), UNTIL);
        assertThat(take("b", NOW)).isFalse();
    }

    @Test
    void aClusterThatIsGoneKeepsNobodyWaiting() {
        assertThat(take("a", NOW)).isTrue();
        assertThat(take("b", UNTIL)).isFalse();
        assertThat(take("b", UNTIL.plusSeconds(1))).isTrue();
        queue.forget(view("b", NOW).cluster());
        assertThat(take("c", NOW)).isTrue();
    }
}
