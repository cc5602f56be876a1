package com.smoketurner.postgres.cluster.verify;

import static com.smoketurner.postgres.backup.Repository.minute;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.testing.values.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each due time and each request has one restore test, whatever happens in between. */
class NextVerificationTest {
    private final PostgresCluster cluster = Verifications.cluster(minute(-60));
    private Optional<Verification> last = Optional.empty();

    private NextVerification at(Instant now) {
        return new NextVerification(Verifications.view(cluster, now, null, last));
    }

    private NextVerification.Start next(Instant now) {
        return at(now).next().orElseThrow();
    }

    @Test
    void aDueTimeThatWasMissedIsMadeUpOnce() {
        var start = next(minute(20));
        assertThat(start.trigger()).isNull();
        assertThat(Duration.between(minute(-30), start.at())).isBetween(Duration.ZERO, Duration.ofMinutes(6));
        last = Optional.of(Verifications.succeeded(null, "latest", minute(20), minute(19)));
        assertThat(next(minute(22)).at()).isAfterOrEqualTo(minute(30));
    }

    @Test
    void aTestThatFailedIsNotRepeatedBeforeTheNextDueTime() {
        last = Optional.of(Verifications.failed(minute(31), null, "BackoffLimitExceeded"));
        assertThat(next(minute(40)).at()).isAfterOrEqualTo(minute(90));
    }

    @Test
    void theStatusRemembersATestWhoseJobIsGone() {
        Verifications.shown(
                cluster,
                BackupStatus.builder()
                        .lastVerificationTime(minute(32).toString())
                        .lastVerificationTrigger("one")
                        .build());
        assertThat(next(minute(40)).at()).isAfterOrEqualTo(minute(90));
        Verifications.request(cluster, "one");
        assertThat(next(minute(40)).trigger()).isNull();
        Verifications.request(cluster, "two");
        assertThat(next(minute(40))).isEqualTo(new NextVerification.Start("two", "request two", minute(40)));
    }

    @Test
    void dueTimesBeforeTheCreationDoNotCount() {
        cluster.getMetadata().setCreationTimestamp(minute(31).toString());
        assertThat(next(minute(40)).at()).isAfterOrEqualTo(minute(90));
    }

    @Test
    void aRequestComesFirstAndOnce() {
        Verifications.request(cluster, "now");
        assertThat(next(minute(10)).trigger()).isEqualTo("now");
        last = Optional.of(Verifications.succeeded("now", "latest", minute(31), minute(30)));
        assertThat(next(minute(40)).trigger()).isNull();
    }

    @Test
    void withoutAScheduleThereAreRequestsOnly() {
        PostgresCluster plain = Clusters.cluster(Verifications.SPEC.replaceAll("(?m)^ *verify:.*$", ""));
        plain.getMetadata().setCreationTimestamp(minute(-60).toString());
        var plan = new NextVerification(Verifications.view(plain, minute(20), null, last));
        assertThat(plan.next()).isEmpty();
        assertThat(plan.overdue(minute(-100_000))).isFalse();
        Verifications.request(plain, "now");
        assertThat(plan.next()).isPresent();
    }

    @Test
    void twoIntervalsWithoutASuccessAreTooLong() {
        assertThat(at(minute(121)).overdue(minute(1))).isFalse();
        assertThat(at(minute(122)).overdue(minute(1))).isTrue();
    }

    @Test
    void nothingBeginsBeforeTheEndOfTheLastOneIsShown() {
        Verification test = Verifications.succeeded("now", "latest", minute(31), minute(30));
        assertThat(at(minute(40)).recorded(test)).isFalse();
        Verifications.shown(
                cluster,
                BackupStatus.builder()
                        .lastVerificationTime(VerifySection.time(test))
                        .build());
        assertThat(at(minute(40)).recorded(test)).isTrue();
    }
}
