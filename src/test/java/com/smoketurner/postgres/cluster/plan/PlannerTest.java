package com.smoketurner.postgres.cluster.plan;

import static com.smoketurner.postgres.cluster.plan.RequiredUpdate.RECREATE;
import static com.smoketurner.postgres.cluster.plan.RequiredUpdate.RESIZE;
import static com.smoketurner.postgres.cluster.plan.RequiredUpdate.RESTART_CONTAINER;
import static com.smoketurner.postgres.cluster.plan.RequiredUpdate.RESTART_SERVER;
import static com.smoketurner.postgres.cluster.plan.RolloutMembers.primary;
import static com.smoketurner.postgres.cluster.plan.RolloutMembers.replica;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final long MAXIMUM_LAG = 1000;

    private static Action next(int desired, boolean handover, @Nullable String wanted, RolloutMembers... members) {
        return Planner.next(new RolloutState(
                Stream.of(members).map(RolloutMembers::build).toList(),
                members.length,
                desired,
                handover,
                wanted,
                false,
                MAXIMUM_LAG));
    }

    private static Action next(RolloutMembers... members) {
        return next(members.length, false, null, members);
    }

    private static Action scale(int desired, RolloutMembers... members) {
        return next(desired, false, null, members);
    }

    private static void waits(Action action, String... words) {
        assertThat(action).isInstanceOf(Action.Wait.class);
        assertThat(action.text()).contains(words);
    }

    @Test
    void nothingToDo() {
        assertThat(next(primary(0), replica(1))).isEqualTo(Action.DONE);
        assertThat(next(primary(0), replica(1).away()))
                .as("an outage is no change")
                .isEqualTo(Action.DONE);
    }

    @Test
    void replicasGoFirstFromTheHighestOrdinal() {
        assertThat(next(
                        primary(0).needs(RECREATE),
                        replica(1).needs(RECREATE),
                        replica(2).needs(RECREATE)))
                .isEqualTo(new Action.Recreate("c-2"));
        assertThat(next(primary(0).needs(RECREATE), replica(1).needs(RESTART_SERVER), replica(2)))
                .isEqualTo(new Action.RestartServer("c-1"));
        assertThat(next(primary(1).needs(RESTART_CONTAINER), replica(0).needs(RESTART_CONTAINER)))
                .isEqualTo(new Action.RestartContainer("c-0"));
    }

    @Test
    void thePrimaryHandsOverBeforeItsTurn() {
        assertThat(next(primary(0).needs(RECREATE), replica(1).lag(7L), replica(2)))
                .isEqualTo(new Action.Switchover("c-0", "c-2", "the primary is updated last"));
        assertThat(next(replica(0).needs(RECREATE), primary(1), replica(2))).isEqualTo(new Action.Recreate("c-0"));
    }

    @Test
    void aLonePrimaryGoesWhereItIs() {
        assertThat(next(primary(0).needs(RECREATE))).isEqualTo(new Action.Recreate("c-0"));
        assertThat(next(primary(0).needs(RESTART_SERVER))).isEqualTo(new Action.RestartServer("c-0"));
    }

    @Test
    void aLoweredValueBeginsAtThePrimary() {
        assertThat(next(primary(0).needs(RESTART_SERVER).first(), replica(1).needs(RESTART_SERVER)))
                .isEqualTo(new Action.RestartServer("c-0"));
        assertThat(next(primary(0), replica(1).needs(RESTART_SERVER).first()))
                .isEqualTo(new Action.RestartServer("c-1"));
    }

    @Test
    void nobodyGoesWhileAnotherIsAway() {
        waits(
                next(
                        primary(0).needs(RECREATE),
                        replica(1).needs(RECREATE),
                        replica(2).away()),
                "c-2",
                "return to service");
        waits(next(primary(0).needs(RECREATE), replica(1).notStreaming()), "c-1");
        waits(next(primary(0), replica(1).needs(RECREATE).terminating()), "c-1");
        waits(next(primary(0).unsettled(), replica(1).needs(RESTART_CONTAINER)), "c-0");
        waits(next(2, true, null, primary(0).needs(RECREATE), replica(1)), "switchover");
    }

    @Test
    void nobodyGoesWithoutAPrimary() {
        waits(next(replica(0).needs(RECREATE), replica(1).needs(RECREATE)), "primary");
    }

    @Test
    void nobodyGoesWhileAPodIsMissing() {
        waits(
                Planner.next(new RolloutState(
                        List.of(primary(0).needs(RECREATE).build()), 2, 2, false, null, false, MAXIMUM_LAG)),
                "missing pods");
    }

    @Test
    void theOthersHaveToHaveTheData() {
        waits(next(primary(0), replica(1).needs(RECREATE), replica(2).lag(5000L)), "c-2", "catch up");
        waits(next(primary(0).needs(RECREATE), replica(1).lag(null)), "take over from c-0");
        waits(next(primary(0).needs(RECREATE), replica(1).asynchronous()), "take over from c-0");
    }

    @Test
    void brokenAndOutdatedGoesAtOnce() {
        assertThat(next(
                        primary(0).needs(RECREATE),
                        replica(1).needs(RECREATE).away(),
                        replica(2).away()))
                .isEqualTo(new Action.Recreate("c-1"));
        assertThat(next(
                        replica(0).needs(RECREATE).away(),
                        replica(1).needs(RECREATE).away()))
                .as("after an image that does not run")
                .isEqualTo(new Action.Recreate("c-1"));
        assertThat(next(primary(0), replica(1).needs(RESTART_CONTAINER).away()))
                .as("more memory for one that is out of it")
                .isEqualTo(new Action.RestartContainer("c-1"));
    }

    @Test
    void aResizeWithoutARestartIsForAllAtOnce() {
        assertThat(next(
                        primary(0).needs(RESIZE),
                        replica(1).needs(RESIZE),
                        replica(2).away()))
                .isEqualTo(new Action.Resize(List.of("c-0", "c-1")));
    }

    @Test
    void newMembersComeAtOnce() {
        assertThat(scale(5, primary(0), replica(1).away(), replica(2))).isEqualTo(new Action.Scale(5));
    }

    @Test
    void membersGoOneByOne() {
        assertThat(scale(3, primary(0), replica(1), replica(2), replica(3), replica(4)))
                .isEqualTo(new Action.Scale(4));
        waits(scale(3, primary(0), replica(1), replica(2), replica(3).terminating()), "c-3");
    }

    @Test
    void aPrimaryThatIsToGoHandsOverToOneThatStays() {
        assertThat(scale(3, replica(0).lag(9L), replica(1).lag(3L), replica(2).lag(5L), replica(3), primary(4)))
                .isEqualTo(new Action.Switchover("c-4", "c-1", "it is removed by the scale-down"));
        waits(scale(1, replica(0).lag(null), primary(1)), "take over from c-1");
    }

    @Test
    void aBrokenMemberThatIsToGoMayGo() {
        assertThat(scale(2, primary(0), replica(1), replica(2).away())).isEqualTo(new Action.Scale(2));
        assertThat(scale(2, primary(0), replica(1), replica(2).away(), replica(3)))
                .isEqualTo(new Action.Scale(3));
        waits(scale(2, primary(0), replica(1).away(), replica(2).away()), "c-1");
    }

    @Test
    void theOnlyReplicaThatHasTheDataStays() {
        waits(scale(2, primary(0), replica(1).lag(5000L), replica(2)), "c-1", "catch up");
    }

    @Test
    void aLeaderThatCanNotAskTheOthersStopsWithoutASwitchover() {
        var members = Stream.of(primary(0).needs(RECREATE), replica(1))
                .map(RolloutMembers::build)
                .toList();
        assertThat(Planner.next(new RolloutState(members, 2, 2, false, null, true, MAXIMUM_LAG)))
                .isEqualTo(new Action.Recreate("c-0"));
        var behind = Stream.of(primary(0).needs(RECREATE), replica(1).lag(5000L))
                .map(RolloutMembers::build)
                .toList();
        waits(Planner.next(new RolloutState(behind, 2, 2, false, null, true, MAXIMUM_LAG)), "take over from c-0");
    }

    @Test
    void theNumberComesFirst() {
        assertThat(scale(
                        2,
                        primary(0).needs(RECREATE),
                        replica(1).needs(RECREATE),
                        replica(2).needs(RECREATE)))
                .isEqualTo(new Action.Scale(2));
    }

    @Test
    void aSwitchoverThatIsAskedFor() {
        assertThat(next(3, false, "c-2", primary(0), replica(1), replica(2)))
                .isEqualTo(new Action.Switchover("c-0", "c-2", "requested"));
        assertThat(next(3, false, RolloutState.ANY, primary(0), replica(1).lag(8L), replica(2)))
                .isEqualTo(new Action.Switchover("c-0", "c-2", "requested"));
        assertThat(next(2, false, "c-0", primary(0), replica(1))).isEqualTo(Action.DONE);
    }

    @Test
    void aPrimaryOnACordonedNodeHandsOverWhereItHelps() {
        assertThat(next(primary(0).cordoned(), replica(1).cordoned(), replica(2)))
                .isEqualTo(new Action.Switchover("c-0", "c-2", "its node is cordoned"));
        assertThat(next(primary(0).cordoned(), replica(1).cordoned())).isEqualTo(Action.DONE);
        assertThat(next(primary(0).cordoned(), replica(1).needs(RECREATE)))
                .as("one that would have to hand it back is changed first")
                .isEqualTo(new Action.Recreate("c-1"));
    }

    /** Under an autoscaler that leaves this many members. */
    private static Action scaled(int floor, RolloutMembers... members) {
        return Planner.next(new RolloutState(
                Stream.of(members).map(RolloutMembers::build).toList(),
                members.length,
                members.length,
                false,
                null,
                false,
                MAXIMUM_LAG,
                floor));
    }

    @Test
    @Acceptance(147)
    void aPrimaryThatAnAutoscalerMayRemoveReturns() {
        assertThat(scaled(2, replica(0).lag(1L), replica(1), primary(2)))
                .isEqualTo(new Action.Switchover("c-2", "c-1", "the autoscaler may remove it"));
        assertThat(scaled(2, replica(0), primary(1), replica(2))).isEqualTo(Action.DONE);
        assertThat(scaled(3, replica(0), replica(1), primary(2))).isEqualTo(Action.DONE);
    }

    @Test
    void itReturnsOnlyWhereNothingElseIsToBeDone() {
        assertThat(scaled(2, replica(0), replica(1).needs(RECREATE), primary(2)))
                .isEqualTo(new Action.Recreate("c-1"));
        waits(scaled(2, replica(0), replica(1), primary(2), replica(3).away()), "c-3");
        assertThat(scaled(1, replica(0).lag(MAXIMUM_LAG + 1), replica(1), primary(2)))
                .as("nobody to return to")
                .isEqualTo(Action.DONE);
        assertThat(scaled(1, replica(0).cordoned(), replica(1), primary(2)))
                .as("it would have to leave again")
                .isEqualTo(Action.DONE);
    }

    @Test
    void anySwitchoverPrefersThoseThatStay() {
        assertThat(scaled(2, primary(0).cordoned(), replica(1).lag(5L), replica(2)))
                .isEqualTo(new Action.Switchover("c-0", "c-1", "its node is cordoned"));
    }
}
