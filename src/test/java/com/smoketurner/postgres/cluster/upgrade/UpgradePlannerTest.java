package com.smoketurner.postgres.cluster.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever an upgrade is interrupted, it ends on one version, and never on a mix. */
class UpgradePlannerTest {

    private static final List<Class<? extends UpgradeAction>> ALL = List.of(
            UpgradeAction.Check.class,
            UpgradeAction.Pause.class,
            UpgradeAction.Stop.class,
            UpgradeAction.Convert.class,
            UpgradeAction.Open.class,
            UpgradeAction.Analyze.class,
            UpgradeAction.Discard.class,
            UpgradeAction.Discard.class,
            UpgradeAction.CleanUp.class);

    private final World world = new World();

    private static IntStream steps() {
        return IntStream.rangeClosed(0, 10);
    }

    private static IntStream beforeTheOpening() {
        return IntStream.rangeClosed(1, 4);
    }

    private VersionUpgrade shown() {
        return Objects.requireNonNull(world.shown);
    }

    private void assertUpgraded() {
        assertThat(shown().state()).isEqualTo(VersionUpgradeState.COMPLETED);
        assertThat(world.running).isEqualTo("16");
        assertThat(world.system).isEqualTo(World.NEW);
        assertThat(world.paused).isFalse();
        assertThat(world.former).isEmpty();
    }

    private void assertReturned() {
        assertThat(world.running).isEqualTo("15");
        assertThat(world.system).isEqualTo(World.OLD);
        assertThat(world.paused).isFalse();
        assertThat(world.leader).isNotNull();
    }

    @Test
    void nothingIsDoneWithoutARequest() {
        world.wanted = "15";
        assertThat(world.plan()).isEmpty();
    }

    @Test
    void eachStepFollowsTheOneBefore() {
        world.settle();
        assertUpgraded();
        assertThat(world.actions.stream().map(Object::getClass)).isEqualTo(ALL);
        assertThat(shown().outageSeconds()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void anOperatorThatIsEndedBeforeItHasNotedAStepGoesOn(int step) {
        for (int i = 0; i < step; i++) {
            world.reconcile(true);
        }
        world.reconcile(false);
        world.settle();
        assertUpgraded();
        assertThat(world.actions.stream().filter(UpgradeAction.Open.class::isInstance))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("beforeTheOpening")
    void theVersionCanBeSetBackUntilTheNewServerIsOpened(int steps) {
        for (int i = 0; i < steps; i++) {
            world.reconcile(true);
        }
        world.wanted = "15";
        world.settle();
        assertReturned();
        assertThat(shown().state()).isEqualTo(VersionUpgradeState.FAILED);
        assertThat(shown().reason()).as("it is not a failure").isNull();
        assertThat(world.actions).noneMatch(UpgradeAction.Open.class::isInstance);
    }

    @Test
    void afterTheOpeningItGoesOnWhateverIsAskedFor() {
        while (world.actions.stream().noneMatch(UpgradeAction.Open.class::isInstance)) {
            world.reconcile(true);
        }
        world.wanted = "15";
        world.settle();
        assertUpgraded();
    }

    @Test
    void aFailedConversionEndsOnTheFormerVersionAndIsNotRepeated() {
        world.conversion = "Failed";
        world.settle();
        assertReturned();
        assertThat(world.leader).isEqualTo("c-0");
        assertThat(shown().reason()).isEqualTo("VersionUpgradeFailed");
        int before = world.actions.size();
        world.reconcile(true);
        assertThat(world.actions).hasSize(before);
    }

    @Test
    void whereTheFormerDataCannotBeUsedAReplicaLeadsAndItIsCopiedAgain() {
        world.conversion = "Failed";
        world.abort = "Unusable";
        world.settle();
        assertReturned();
        assertThat(world.leader).isEqualTo("c-1");
    }

    @Test
    void afterAFailureItIsTriedAgainWhenTheVersionWasSetBackInBetween() {
        world.conversion = "Failed";
        world.settle();
        world.wanted = "15";
        assertThat(world.plan()).isEmpty();
        world.shown = null; // As the status shows it then.
        world.wanted = "16";
        world.conversion = "Ready";
        world.reports.clear();
        world.settle();
        assertUpgraded();
    }

    @Test
    void aPauseThatSomebodyElseHasBegunIsWaitedFor() {
        world.paused = true;
        world.reconcile(true);
        assertThat(world.actions).isEmpty();
        assertThat(shown().state()).isEqualTo(VersionUpgradeState.WAITING);
        assertThat(shown().message()).contains("patronictl resume");
    }

    @Test
    void theLastReplicaKeepsTheFormerDataForAWhile() {
        while (world.actions.stream()
                        .filter(UpgradeAction.Discard.class::isInstance)
                        .count()
                < 1) {
            world.reconcile(true);
        }
        world.reconcile(true);
        assertThat(world.former).hasSize(1);
        assertThat(shown().message()).contains("keeps the data of PostgreSQL 15 until");
        world.settle();
        assertUpgraded();
    }

    private void untilStopped() {
        while (world.actions.stream().noneMatch(UpgradeAction.Stop.class::isInstance)) {
            world.reconcile(true);
        }
        world.conversion = "Converting";
        world.reconcile(true);
        world.reconcile(true);
    }

    @Test
    void anotherPrimaryMayHaveAcceptedRows() {
        untilStopped();
        world.leader = "c-1";
        world.settle();
        assertThat(world.actions).noneMatch(UpgradeAction.Open.class::isInstance);
        assertThat(world.running).isEqualTo("15");
        assertThat(shown().message()).contains("another member the primary");
    }

    @Test
    void nothingIsOpenedWhenSomebodyHasResumedPatroni() {
        untilStopped();
        world.paused = false;
        world.leader = "c-0";
        world.settle();
        assertThat(world.actions).noneMatch(UpgradeAction.Open.class::isInstance);
        assertReturned();
    }

    @Test
    void aReplicaThatHasEverythingGoesOnWithoutAMemberThatDoesNotComeBack() {
        untilStopped();
        world.away = true;
        world.reconcile(true);
        assertThat(shown().awaySince()).isNotNull();
        world.settle();
        assertReturned();
        assertThat(world.leader).isEqualTo("c-1");
    }

    @Test
    void aMemberThatIsTheOnlyOneWithEverythingIsWaitedFor() {
        world.complete = 0;
        untilStopped();
        world.away = true;
        for (int i = 0; i < 30; i++) {
            world.reconcile(true);
        }
        assertThat(world.leader).isNull();
        assertThat(world.actions).noneMatch(UpgradeAction.Resume.class::isInstance);
        world.away = false;
        world.conversion = "Ready";
        world.settle();
        assertUpgraded();
    }

    @Test
    void aJobThatSaysNothingIsRequestedAgain() {
        untilStopped();
        int before = conversions();
        world.reconcile(true);
        world.reconcile(true);
        assertThat(conversions()).isGreaterThan(before);
        world.conversion = "Ready";
        world.settle();
        assertUpgraded();
    }

    private int conversions() {
        return (int) world.actions.stream()
                .filter(UpgradeAction.Convert.class::isInstance)
                .count();
    }

    @Test
    void aStatusThatIsLostInTheMiddleIsTakenFromTheMembers() {
        untilStopped();
        world.shown = null;
        world.conversion = "Ready";
        world.settle();
        assertUpgraded();
    }
}
