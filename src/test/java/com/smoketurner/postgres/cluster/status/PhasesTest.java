package com.smoketurner.postgres.cluster.status;

import static com.smoketurner.postgres.api.ClusterPhase.CREATING;
import static com.smoketurner.postgres.api.ClusterPhase.DEGRADED;
import static com.smoketurner.postgres.api.ClusterPhase.FAILED;
import static com.smoketurner.postgres.api.ClusterPhase.PENDING;
import static com.smoketurner.postgres.api.ClusterPhase.RECOVERING;
import static com.smoketurner.postgres.api.ClusterPhase.RUNNING;
import static com.smoketurner.postgres.api.ClusterPhase.SCALING;
import static com.smoketurner.postgres.api.ClusterPhase.UPDATING;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Timeouts;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PhasesTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final Phases phases = new Phases(Timeouts.DEFAULT);

    /** A cluster that runs: every test changes what it is about. */
    private static final class Facts {
        private ClusterPhase previous = RUNNING;
        private boolean rejected;
        private boolean everRan = true;
        private boolean blocked;
        private boolean serves = true;
        private boolean leaderRestarts;
        private boolean upgrading;
        private boolean specChanged;
        private Duration noPrimaryFor = Duration.ZERO;
        private int ready = 3;
        private Duration incompleteFor = Duration.ZERO;
        private boolean countChanged;
        private boolean rolling;
        private boolean synced = true;
        private boolean caughtUp = true;

        Facts from(ClusterPhase phase) {
            previous = phase;
            return this;
        }

        Facts members(int number, Duration since) {
            ready = number;
            incompleteFor = since;
            return this;
        }

        Facts noPrimary(Duration since) {
            serves = false;
            noPrimaryFor = since;
            return this;
        }

        PhaseInputs build() {
            return new PhaseInputs(
                    previous,
                    rejected,
                    false,
                    everRan,
                    true,
                    blocked,
                    serves,
                    leaderRestarts,
                    upgrading,
                    specChanged,
                    noPrimaryFor,
                    ready,
                    3,
                    incompleteFor,
                    countChanged,
                    rolling,
                    synced,
                    true,
                    caughtUp,
                    Duration.ZERO);
        }
    }

    private ClusterPhase next(Facts facts) {
        return phases.next(facts.build());
    }

    @Test
    void creationEndsWhenAllMembersServe() {
        var facts = new Facts().from(CREATING);
        facts.everRan = false;
        assertThat(next(facts.members(2, LONG))).isEqualTo(CREATING);
        assertThat(next(facts.members(3, Duration.ZERO))).isEqualTo(RUNNING);
    }

    @Test
    void anUpgradeIsNoOutageHoweverLongItTakes() {
        var facts = new Facts().from(UPDATING).noPrimary(Duration.ofHours(1)).members(2, LONG);
        facts.rolling = true;
        facts.upgrading = true;
        assertThat(next(facts)).isEqualTo(UPDATING);
        facts.upgrading = false;
        assertThat(next(facts)).isEqualTo(FAILED);
    }

    @Test
    void theFirstObjectsEndPending() {
        var facts = new Facts().from(PENDING).members(0, Duration.ZERO).noPrimary(Duration.ZERO);
        facts.everRan = false;
        assertThat(next(facts)).isEqualTo(CREATING);
    }

    @Test
    void aMissingReplicaDegradesAfterHalfAMinute() {
        assertThat(next(new Facts().members(2, Duration.ofSeconds(29)))).isEqualTo(RUNNING);
        assertThat(next(new Facts().members(2, Duration.ofSeconds(31)))).isEqualTo(DEGRADED);
        assertThat(next(new Facts().from(DEGRADED).members(2, LONG))).isEqualTo(DEGRADED);
        assertThat(next(new Facts().from(DEGRADED))).isEqualTo(RUNNING);
    }

    @Test
    void aLostPrimaryIsARecoveryAfterTenSecondsAndAFailureAfterTenMinutes() {
        assertThat(next(new Facts().noPrimary(Duration.ofSeconds(9)))).isEqualTo(RUNNING);
        assertThat(next(new Facts().noPrimary(Duration.ofSeconds(11)))).isEqualTo(RECOVERING);
        assertThat(next(new Facts().from(RECOVERING).noPrimary(Duration.ofMinutes(11))))
                .isEqualTo(FAILED);
        assertThat(next(new Facts().from(FAILED).noPrimary(Duration.ofSeconds(1))))
                .isEqualTo(RECOVERING);
    }

    /** Running for the present spec means that clients can write; one that was shown before may be some seconds old. */
    @Test
    void aChangedSpecIsNotRunningWithoutAPrimary() {
        var facts = new Facts().noPrimary(Duration.ofSeconds(1));
        facts.specChanged = true;
        assertThat(next(facts)).isEqualTo(RECOVERING);
        assertThat(next(facts.from(DEGRADED))).isEqualTo(RECOVERING);
        assertThat(next(facts.from(UPDATING))).as("its own restart").isEqualTo(UPDATING);
        facts.serves = true;
        assertThat(next(facts.from(RUNNING))).isEqualTo(RUNNING);
    }

    @Test
    void aPlannedRestartOfThePrimaryMayTakeItsTime() {
        var facts = new Facts().from(UPDATING).noPrimary(Duration.ofSeconds(11));
        assertThat(next(facts)).isEqualTo(RECOVERING);
        facts.leaderRestarts = true;
        assertThat(next(facts)).isEqualTo(UPDATING);
        assertThat(next(facts.from(RUNNING))).as("not the operator's").isEqualTo(RECOVERING);
        assertThat(next(facts.from(UPDATING).noPrimary(Duration.ofMinutes(11)))).isEqualTo(FAILED);
    }

    @Test
    void recoveryEndsWhereTheMembersAre() {
        assertThat(next(new Facts().from(RECOVERING))).isEqualTo(RUNNING);
        assertThat(next(new Facts().from(RECOVERING).members(2, Duration.ofSeconds(1))))
                .isEqualTo(DEGRADED);
    }

    @Test
    void scalingGoesBeforeUpdating() {
        var facts = new Facts();
        facts.countChanged = true;
        facts.rolling = true;
        assertThat(next(facts)).isEqualTo(SCALING);
        facts.countChanged = false;
        assertThat(next(facts)).isEqualTo(UPDATING);
    }

    @Test
    void aChangeEndsWhenNewMembersHaveCaughtUp() {
        var facts = new Facts();
        facts.caughtUp = false;
        assertThat(next(facts.from(SCALING))).isEqualTo(SCALING);
        assertThat(next(facts.from(UPDATING))).isEqualTo(UPDATING);
        assertThat(next(facts.from(RUNNING))).as("an old one that lags").isEqualTo(RUNNING);
        facts.caughtUp = true;
        assertThat(next(facts.from(SCALING))).isEqualTo(RUNNING);
    }

    @Test
    void aChangeThatStopsDegrades() {
        assertThat(next(new Facts().from(UPDATING).members(2, Duration.ofMinutes(9))))
                .isEqualTo(UPDATING);
        assertThat(next(new Facts().from(UPDATING).members(2, Duration.ofMinutes(11))))
                .isEqualTo(DEGRADED);
    }

    @Test
    void aBadSpecFailsAndComesBack() {
        var facts = new Facts();
        facts.rejected = true;
        assertThat(next(facts)).isEqualTo(FAILED);
        assertThat(next(new Facts().from(FAILED))).isEqualTo(RUNNING);
        var young = new Facts().from(FAILED).members(1, LONG);
        young.everRan = false;
        assertThat(next(young)).isEqualTo(CREATING);
    }

    /** B1 of the contract: no state with no leader is reported as Running for longer than a minute. */
    @Property
    void noOutageIsReportedAsRunning(
            @ForAll ClusterPhase previous,
            @ForAll boolean everRan,
            @ForAll boolean countChanged,
            @ForAll boolean rolling,
            @ForAll boolean synced,
            @ForAll @IntRange(max = 5) int ready,
            @ForAll @IntRange(min = 11, max = 10_000) int seconds) {
        var facts = new Facts().from(previous).members(ready, Duration.ofSeconds(seconds));
        facts.noPrimary(Duration.ofSeconds(seconds));
        facts.everRan = everRan;
        facts.countChanged = countChanged;
        facts.rolling = rolling;
        facts.synced = synced;
        assertThat(next(facts)).isNotIn(RUNNING, DEGRADED, SCALING, UPDATING);
    }

    /** The facts alone decide where it ends: applying the function again changes nothing. */
    @Property
    void thePhaseIsStable(
            @ForAll ClusterPhase previous,
            @ForAll boolean rejected,
            @ForAll boolean countChanged,
            @ForAll boolean rolling,
            @ForAll boolean synced,
            @ForAll boolean serves,
            @ForAll @IntRange(max = 3) int ready,
            @ForAll @IntRange(max = 3_000) int seconds) {
        var facts = new Facts().from(previous).members(ready, Duration.ofSeconds(ready == 3 ? 0 : seconds));
        facts.rejected = rejected;
        facts.countChanged = countChanged;
        facts.rolling = rolling;
        facts.synced = synced;
        facts.serves = serves;
        facts.noPrimaryFor = serves ? Duration.ZERO : Duration.ofSeconds(seconds);
        ClusterPhase once = next(facts);
        ClusterPhase twice = next(facts.from(once));
        assertThat(next(facts.from(twice))).isEqualTo(twice);
    }
}
