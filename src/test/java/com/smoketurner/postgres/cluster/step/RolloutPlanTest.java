package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {

    private static Member member(int ordinal, boolean primary, boolean ready, String hash) {
        return Members.member(ordinal, primary, ready).hash(hash).build();
    }

    private static Optional<String> next(List<Member> members) {
        return new RolloutPlan(members, members.size(), "new", null).next().map(Member::name);
    }

    @Test
    void nothingToDoWhenAllAreCurrent() {
        assertThat(next(List.of(member(0, true, true, "new"), member(1, false, true, "new"))))
                .isEmpty();
    }

    @Test
    void replicasGoFirstFromTheHighestOrdinalAndThePrimaryLast() {
        assertThat(next(List.of(
                        member(0, false, true, "old"), member(1, true, true, "old"), member(2, false, true, "old"))))
                .contains("c-2");
        assertThat(next(List.of(
                        member(0, false, true, "old"), member(1, true, true, "old"), member(2, false, true, "new"))))
                .contains("c-0");
        assertThat(next(List.of(
                        member(0, false, true, "new"), member(1, true, true, "old"), member(2, false, true, "new"))))
                .contains("c-1");
    }

    @Test
    void nobodyGoesWhileAnotherIsAway() {
        assertThat(next(List.of(member(0, true, true, "old"), member(1, false, false, "new"))))
                .isEmpty();
    }

    @Test
    void aBrokenOutdatedMemberGoesFirst() {
        assertThat(next(List.of(
                        member(0, true, true, "old"), member(1, false, false, "old"), member(2, false, true, "old"))))
                .contains("c-1");
    }

    @Test
    void aLonePrimaryIsRestarted() {
        assertThat(next(List.of(member(0, true, true, "old")))).contains("c-0");
    }

    /** Whatever the state: a ready member is taken only when all others serve, and the primary only as the last. */
    @Property
    void neverTakesTheLastGoodCopy(
            @ForAll @Size(min = 1, max = 5) List<Boolean> ready,
            @ForAll @IntRange(max = 31) int oldMask,
            @ForAll @IntRange(max = 4) int primary) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < ready.size(); i++) {
            members.add(member(i, i == primary % ready.size(), ready.get(i), (oldMask >> i & 1) == 1 ? "old" : "new"));
        }
        new RolloutPlan(members, members.size(), "new", null)
                .next()
                .filter(Member::ready)
                .ifPresent(taken -> {
                    assertThat(members).filteredOn(m -> !m.equals(taken)).allMatch(Member::ready);
                    if (taken.primary()) {
                        assertThat(members).filteredOn(m -> !m.primary()).allMatch(m -> "new".equals(m.templateHash()));
                    }
                });
    }
}
