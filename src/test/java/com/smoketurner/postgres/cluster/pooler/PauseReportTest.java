package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PauseReportTest {

    @Test
    void itIsWhatTheProgramWrites() {
        assertThat(PauseReport.of("a", "resumed 640 primary\n")).contains(new PauseReport("a", 640, "primary"));
        assertThat(PauseReport.of("a", "")).isEmpty();
        assertThat(PauseReport.of("a", "failed connection refused")).isEmpty();
    }

    @Test
    void theLongestPauseIsTold() {
        assertThat(PauseReport.sentence(
                        List.of(new PauseReport("a", 640, "primary"), new PauseReport("b", 712, "primary")), "c-1"))
                .isEqualTo("clients of the pooler waited for up to 712 ms while c-1 took over");
        assertThat(PauseReport.sentence(
                        List.of(new PauseReport("a", 640, "primary"), new PauseReport("b", 30040, "deadline")), "c-1"))
                .isEqualTo("clients of the pooler waited for up to 30040 ms while c-1 took over;"
                        + " the pause of b ended without another primary (deadline)");
        assertThat(PauseReport.sentence(List.of(), "c-1")).endsWith("no pod says how long");
    }

    @Test
    void onePodThatIsNotPausedIsAnObstacle() {
        assertThat(PoolerHold.obstacle(new TreeMap<>(Map.of("a", "paused 50", "b", "paused 3"))))
                .isEmpty();
        assertThat(PoolerHold.obstacle(
                        new TreeMap<>(Map.of("a", "paused 50", "b", "busy a transaction", "c", "failed"))))
                .contains("b: busy a transaction; c: failed");
    }
}
