package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequeueTest {
    private static final Duration RESYNC = Duration.ofSeconds(30);

    private static Duration after(ClusterPhase phase, boolean whole, boolean behind) {
        return Requeue.after(phase, whole, behind, List.of(), RESYNC);
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
        var waiting = new Outcome.Waiting("WaitingForCertificate", "not yet", Duration.ofSeconds(1));
        assertThat(Requeue.after(ClusterPhase.UPDATING, true, false, List.of(waiting), RESYNC))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Property
    void aboutATimeIsAQuarterOfItAwayAtMost(@ForAll @IntRange(min = 5, max = 3600) int seconds, @ForAll long seed) {
        assertThat(Requeue.about(Duration.ofSeconds(seconds), new Random(seed)))
                .isBetween(Duration.ofMillis(750L * seconds), Duration.ofMillis(1250L * seconds));
    }
}
