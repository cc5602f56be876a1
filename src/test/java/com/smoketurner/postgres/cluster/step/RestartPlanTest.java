package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.Members;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartPlanTest {

    private static Members member(int ordinal, boolean primary, boolean ready) {
        return Members.member(ordinal, primary, ready);
    }

    private static Members raised(int ordinal, boolean primary, boolean ready) {
        return member(ordinal, primary, ready).pending("max_connections", "100", "200");
    }

    private static Members lowered(int ordinal, boolean primary) {
        return member(ordinal, primary, true).pending("max_connections", "200", "100");
    }

    private static String next(Members... members) {
        return new RestartPlan(Stream.of(members).map(Members::build).toList(), members.length)
                .next()
                .map(next -> switch (next) {
                    case RestartPlan.Next.Restart(Member member) -> "restart " + member.name();
                    case RestartPlan.Next.Switchover(Member leader) -> "switchover from " + leader.name();
                })
                .orElse("wait");
    }

    @Test
    void nothingIsPending() {
        assertThat(next(member(0, true, true), member(1, false, true))).isEqualTo("wait");
    }

    @Test
    void replicasGoFirstFromTheHighestOrdinal() {
        assertThat(next(raised(0, true, true), raised(1, false, true), raised(2, false, true)))
                .isEqualTo("restart c-2");
        assertThat(next(raised(0, true, true), raised(1, false, true), member(2, false, true)))
                .isEqualTo("restart c-1");
    }

    @Test
    void thePrimaryHandsOverBeforeItsRestart() {
        assertThat(next(raised(0, true, true), member(1, false, true))).isEqualTo("switchover from c-0");
        assertThat(next(raised(0, false, true), member(1, true, true))).isEqualTo("restart c-0");
    }

    @Test
    void aLonePrimaryRestartsInPlace() {
        assertThat(next(raised(0, true, true))).isEqualTo("restart c-0");
    }

    @Test
    void loweredBelowTheReplicasThePrimaryGoesFirst() {
        assertThat(next(lowered(0, true), lowered(1, false))).isEqualTo("restart c-0");
        assertThat(next(member(0, true, true), lowered(1, false))).isEqualTo("restart c-1");
    }

    @Test
    void nobodyGoesWhileAnotherIsAway() {
        assertThat(next(raised(0, true, true), raised(1, false, false), raised(2, false, true)))
                .isEqualTo("wait");
        assertThat(new RestartPlan(List.of(raised(0, true, true).build()), 2).next())
                .isEmpty();
    }
}
