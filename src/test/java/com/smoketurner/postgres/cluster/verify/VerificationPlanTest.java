package com.smoketurner.postgres.cluster.verify;

import static com.smoketurner.postgres.backup.Repository.minute;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.Repository;
import com.smoketurner.postgres.testing.values.Clusters;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerificationPlanTest {
    private final PostgresCluster cluster = Verifications.cluster(minute(-60));
    private final Repository repository = new Repository().full("F1", 1, 1);

    private Checked<VerificationPlan> checked(String occasion, boolean afterLatest, @Nullable Instant archived) {
        var view = Verifications.view(cluster, minute(3000), archived, Optional.empty());
        return VerificationPlan.of(
                new NextVerification.Start(null, occasion, minute(3000)),
                afterLatest,
                Verifications.facts(view, repository));
    }

    private VerificationPlan plan(String occasion, boolean afterLatest, @Nullable Instant archived) {
        return checked(occasion, afterLatest, archived) instanceof Checked.Accepted<VerificationPlan>(var plan)
                ? plan
                : Objects.requireNonNull(null, "refused");
    }

    @Test
    void everythingThatIsArchivedComesFirst() {
        var plan = plan("a", false, minute(60));
        assertThat(plan.target()).isEqualTo("latest");
        assertThat(plan.restore().backup()).isEqualTo("F1");
        assertThat(plan.windowEnd()).isEqualTo(minute(60));
        assertThat(plan.databaseBytes()).isEqualTo(4000);
    }

    @Test
    void thenASecondOfTheLastDayInTheWindow() {
        Set<Instant> times = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            times.add(Instant.parse(plan("due " + i, true, minute(2000)).target()));
        }
        assertThat(times)
                .hasSizeGreaterThan(150)
                .allSatisfy(time -> assertThat(time)
                        .isBetween(
                                minute(2000 - 24 * 60).minusSeconds(1),
                                minute(2000).minusSeconds(1)));
        assertThat(plan("due 1", true, minute(2000))).isEqualTo(plan("due 1", true, minute(2000)));
        cluster.getMetadata().setUid("another");
        assertThat(times)
                .doesNotContain(Instant.parse(plan("due 1", true, minute(2000)).target()));
    }

    @Test
    void aBackupThatHasJustEndedIsNotRecoveredTo() {
        repository.full("F2", 2, 1);
        for (int i = 0; i < 300; i++) {
            Instant time = Instant.parse(plan("due " + i, true, minute(3)).target());
            assertThat(time).isAfterOrEqualTo(minute(1).plusSeconds(2)).isBefore(minute(3));
            assertThat(time.equals(minute(2)) || time.equals(minute(2).plusSeconds(1)))
                    .isFalse();
        }
    }

    @Test
    void inAShortWindowEverythingIsRecoveredAgain() {
        assertThat(plan("a", true, null).target()).isEqualTo("latest");
        assertThat(plan("a", true, minute(1).plusSeconds(1)).target()).isEqualTo("latest");
    }

    @Test
    void aRepositoryOfAnotherMajorIsRefused() {
        PostgresCluster newer = Clusters.withSpec("version: \"17\"\nstorage: {size: 1Gi}\n" + Verifications.SPEC);
        newer.getMetadata().setCreationTimestamp(minute(0).toString());
        var view = Verifications.view(newer, minute(3000), minute(60), Optional.empty());
        assertThat(VerificationPlan.of(
                        new NextVerification.Start(null, "a", minute(3000)),
                        false,
                        Verifications.facts(view, repository)))
                .isInstanceOfSatisfying(
                        Checked.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.RESTORE_VERSION_MISMATCH));
    }
}
