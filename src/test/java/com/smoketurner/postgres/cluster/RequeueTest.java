package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequeueTest {
    private static final Duration RESYNC = Duration.ofSeconds(30);

    private static Duration after(ClusterPhase phase, boolean whole, boolean behind) {
        return Requeue.after(phase, Duration.ofHours(1), whole, behind, List.of(), 0, RESYNC);
    }

    @Test
    void whatIsAsItShouldBeIsLookedAtSeldom() {
        assertThat(after(ClusterPhase.RUNNING, true, false)).isEqualTo(RESYNC);
        assertThat(after(ClusterPhase.FAILED, false, false)).isEqualTo(RESYNC);
    }

    @Test
    void whatChangesItsNameWithTimeIsLookedAtSoon() {
        assertThat(after(ClusterPhase.RUNNING, false, false)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(after(ClusterPhase.RECOVERING, false, false)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(after(ClusterPhase.RUNNING, true, true)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aStepThatWaitsSaysWhen() {
        var waiting = new Outcome.Waiting(Reason.WAITING_FOR_CERTIFICATE, "not yet", Duration.ofSeconds(1));
        assertThat(Requeue.after(ClusterPhase.UPDATING, Duration.ZERO, true, false, List.of(waiting), 0, RESYNC))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aPartThatFailsIsRetriedSoonAndAtTheResyncAtTheLatest() {
        assertThat(failing(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(failing(2)).isEqualTo(Duration.ofSeconds(10));
        assertThat(failing(50)).isEqualTo(RESYNC);
    }

    private static Duration failing(int times) {
        return Requeue.after(ClusterPhase.RUNNING, Duration.ofHours(1), true, false, List.of(), times, RESYNC);
    }

    @Test
    void aCreationIsLookedAtTheMoreSeldomTheLongerItTakes() {
        assertThat(creating(20)).isEqualTo(Duration.ofSeconds(5));
        assertThat(creating(120)).isEqualTo(Duration.ofSeconds(12));
        assertThat(creating(3600)).isEqualTo(RESYNC);
    }

    private static Duration creating(int seconds) {
        return Requeue.after(ClusterPhase.CREATING, Duration.ofSeconds(seconds), false, false, List.of(), 0, RESYNC);
    }

    @Property
    void noLookIsLateAndNoneMoreThanAFifthEarlier(@ForAll @IntRange(min = 5, max = 3600) int seconds) {
        assertThat(Requeue.spread(Duration.ofSeconds(seconds), UUID.randomUUID().toString()))
                .isBetween(Duration.ofMillis(800L * seconds), Duration.ofSeconds(seconds));
    }

    @Test
    void looksAreSpreadEvenly() {
        var random = new Random(1);
        double mean = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                .limit(10_000)
                .mapToLong(uid -> Requeue.spread(RESYNC, uid.toString()).toMillis())
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(26_500.0, 27_500.0);
    }
}
