package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.patroni.MemberRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RestartPlanTest {

    private static Member member(int ordinal, boolean primary, boolean ready, MemberRecord.Change... maxConnections) {
        var pending = new TreeMap<String, MemberRecord.Change>();
        for (MemberRecord.Change change : maxConnections) {
            pending.put("max_connections", change);
        }
        return new Member(
                "c-" + ordinal,
                ordinal,
                "uid-" + ordinal,
                ready,
                false,
                Map.of(),
                Set.of(),
                primary ? "master" : "replica",
                "hash",
                null,
                1L,
                1L,
                true,
                "container",
                !primary,
                !pending.isEmpty(),
                pending,
                1L,
                null,
                null);
    }

    private static final MemberRecord.Change RAISED = new MemberRecord.Change("100", "200");
    private static final MemberRecord.Change LOWERED = new MemberRecord.Change("200", "100");

    private static String next(Member... members) {
        return new RestartPlan(List.of(members), members.length)
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
        assertThat(next(member(0, true, true, RAISED), member(1, false, true, RAISED), member(2, false, true, RAISED)))
                .isEqualTo("restart c-2");
        assertThat(next(member(0, true, true, RAISED), member(1, false, true, RAISED), member(2, false, true)))
                .isEqualTo("restart c-1");
    }

    @Test
    void thePrimaryHandsOverBeforeItsRestart() {
        assertThat(next(member(0, true, true, RAISED), member(1, false, true))).isEqualTo("switchover from c-0");
        assertThat(next(member(0, false, true, RAISED), member(1, true, true))).isEqualTo("restart c-0");
    }

    @Test
    void aLonePrimaryRestartsInPlace() {
        assertThat(next(member(0, true, true, RAISED))).isEqualTo("restart c-0");
    }

    @Test
    void loweredBelowTheReplicasThePrimaryGoesFirst() {
        assertThat(next(member(0, true, true, LOWERED), member(1, false, true, LOWERED)))
                .isEqualTo("restart c-0");
        assertThat(next(member(0, true, true), member(1, false, true, LOWERED))).isEqualTo("restart c-1");
    }

    @Test
    void nobodyGoesWhileAnotherIsAway() {
        assertThat(next(member(0, true, true, RAISED), member(1, false, false, RAISED), member(2, false, true, RAISED)))
                .isEqualTo("wait");
        assertThat(new RestartPlan(List.of(member(0, true, true, RAISED)), 2).next())
                .isEmpty();
    }
}
