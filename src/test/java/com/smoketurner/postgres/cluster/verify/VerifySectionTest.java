package com.smoketurner.postgres.cluster.verify;

import static com.smoketurner.postgres.backup.Repository.minute;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.backup.Repository;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.testing.values.Clusters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerifySectionTest {
    private PostgresCluster cluster = Verifications.cluster(minute(0));
    private final Repository repository = new Repository();
    private Optional<Verification> last = Optional.empty();
    private PostgresClusterStatus shown = PostgresClusterStatus.builder().build();

    /** What is shown at that time; the next call finds it as the status shown so far. */
    private StatusDraft show(Instant now) {
        cluster.setStatus(shown);
        var report = new ClusterReport(
                Verifications.view(cluster, now, null, last),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.of(new RepositoryListing.Answer.Listed(repository.listing())));
        var draft = new StatusDraft(report, shown);
        new VerifySection().write(report, draft);
        shown = draft.fields().conditions(draft.conditions()).build();
        return draft;
    }

    private static @Nullable String reason(StatusDraft draft) {
        return draft.written(ConditionType.BACKUP_VERIFIED)
                .map(Condition::reason)
                .orElse(null);
    }

    private static String message(StatusDraft draft) {
        return draft.message(ConditionType.BACKUP_VERIFIED);
    }

    private static List<String> events(StatusDraft draft) {
        return draft.events().stream().map(EventMessage::reason).toList();
    }

    private BackupStatus backup() {
        return Objects.requireNonNull(shown.backup());
    }

    @Test
    void aClusterWithoutTestsShowsNothing() {
        cluster = Clusters.cluster();
        assertThat(reason(show(minute(1)))).isNull();
        assertThat(shown.backup()).isNull();
    }

    @Test
    void withoutADestinationNothingIsRecordedAgain() {
        cluster = Clusters.cluster();
        last = Optional.of(Verifications.succeeded("one", "latest", minute(31), minute(31)));
        assertThat(events(show(minute(33)))).isEmpty();
        cluster = Clusters.cluster("backup: {verify: {schedule: \"@daily\"}}");
        cluster.getMetadata().setCreationTimestamp(minute(0).toString());
        StatusDraft draft = show(minute(34));
        assertThat(reason(draft)).isEqualTo("NeverVerified");
        assertThat(message(draft)).contains("no destination");
        cluster = Clusters.cluster();
        Verifications.request(cluster, "one");
        assertThat(message(show(minute(35)))).contains("no destination");
    }

    @Test
    void beforeTheFirstTestItSaysWhatIsWaitedFor() {
        StatusDraft draft = show(minute(1));
        assertThat(reason(draft)).isEqualTo("NeverVerified");
        assertThat(message(draft)).contains("before the first base backup");
        repository.full("F1", 1, 1);
        assertThat(message(show(minute(2)))).contains("the next one is due at 2026-11-29T10:3");
        last = Optional.of(Verifications.running(null, "latest", minute(31)));
        assertThat(message(show(minute(32)))).contains("kubectl logs -f job/my-cluster-verify -n default");
    }

    @Test
    void aSuccessIsRecordedOnceWithItsFigures() {
        repository.full("F1", 1, 1);
        last = Optional.of(
                Verifications.succeeded("one", "latest", minute(31), minute(31).minusSeconds(25)));
        StatusDraft draft = show(minute(33));
        assertThat(reason(draft)).isEqualTo("Verified");
        assertThat(message(draft)).isEqualTo("the backup F1 was restored to latest in 40 s and passed all checks");
        assertThat(events(draft)).containsExactly("VerificationCompleted");
        assertThat(backup().lastVerifiedTime()).isEqualTo("2026-11-29T10:32:00Z");
        assertThat(backup().lastVerifiedBackup()).isEqualTo("F1");
        assertThat(backup().lastVerifiedDuration()).isEqualTo(40);
        assertThat(backup().measuredRpoSeconds()).isEqualTo(15);
        assertThat(backup().lastVerificationTrigger()).isEqualTo("one");
        PostgresClusterStatus before = shown;
        assertThat(events(show(minute(34)))).isEmpty();
        assertThat(shown).isEqualTo(before);
        last = Optional.empty();
        show(minute(35));
        assertThat(shown).as("without its Job").isEqualTo(before);
    }

    @Test
    void aTestToATimeMeasuresNoRecoveryPoint() {
        last = Optional.of(Verifications.succeeded(null, minute(20).toString(), minute(31), minute(20)));
        show(minute(33));
        assertThat(backup().measuredRpoSeconds()).isNull();
        assertThat(backup().lastVerificationTarget()).isEqualTo(minute(20).toString());
    }

    @Test
    void aFindingStaysUntilTheNextSuccess() {
        last = Optional.of(Verifications.succeeded(null, "latest", minute(31), minute(31)));
        show(minute(33));
        last = Optional.of(Verifications.failed(
                minute(91), new Verification.Result(true, "WalMissing", "WAL segment 1 is missing", null, null), "x"));
        StatusDraft draft = show(minute(93));
        assertThat(reason(draft)).isEqualTo("VerificationFailed");
        assertThat(message(draft))
                .isEqualTo(
                        "WalMissing: restore test of F1 to latest: WAL segment 1 is missing; kubectl logs job/my-cluster-verify -n default shows the test");
        assertThat(events(draft)).containsExactly("VerificationFailed");
        assertThat(backup().verificationError()).isEqualTo(message(draft));
        assertThat(backup().lastVerifiedTime()).isEqualTo("2026-11-29T10:32:00Z");
        draft = show(minute(94));
        assertThat(reason(draft)).isEqualTo("VerificationFailed");
        assertThat(events(draft)).isEmpty();
        last = Optional.of(Verifications.succeeded(null, "latest", minute(100), minute(99)));
        assertThat(reason(show(minute(102)))).isEqualTo("Verified");
        assertThat(backup().verificationError()).isNull();
    }

    @Test
    void aTestThatCouldNotBeFinishedIsNoFinding() {
        last = Optional.of(Verifications.failed(minute(31), null, "DeadlineExceeded"));
        StatusDraft draft = show(minute(33));
        assertThat(reason(draft)).isEqualTo("VerificationIncomplete");
        assertThat(message(draft)).contains("longer than backup.verify.timeout, which is PT4H");
        assertThat(reason(show(minute(34)))).isEqualTo("VerificationIncomplete");

        last = Optional.of(Verifications.failed(minute(91), null, "BackoffLimitExceeded"));
        assertThat(message(show(minute(93)))).contains("OOMKilled");

        last = Optional.of(Verifications.failed(
                minute(151),
                new Verification.Result(false, "StoreUnreadable", "away", null, null),
                "BackoffLimitExceeded"));
        draft = show(minute(153));
        assertThat(reason(draft)).isEqualTo("VerificationIncomplete");
        assertThat(message(draft)).startsWith("StoreUnreadable: ");
    }

    @Test
    void aSuccessOfLongAgoIsOverdue() {
        last = Optional.of(Verifications.succeeded(null, "latest", minute(31), minute(31)));
        show(minute(33));
        assertThat(reason(show(minute(200)))).isEqualTo("VerificationOverdue");
        // A cluster without a schedule promises nothing.
        cluster = Clusters.cluster(Verifications.SPEC.replaceAll("(?m)^ *verify:.*$", ""));
        cluster.getMetadata().setCreationTimestamp(minute(0).toString());
        assertThat(reason(show(minute(201)))).isEqualTo("Verified");
    }

    @Test
    void aRepositoryThatAllowsNoTestSaysWhy() {
        cluster = Clusters.withSpec("version: \"17\"\nstorage: {size: 1Gi}\n" + Verifications.SPEC);
        cluster.getMetadata().setCreationTimestamp(minute(0).toString());
        Verifications.request(cluster, "one");
        repository.full("F1", 1, 1);
        StatusDraft draft = show(minute(10));
        assertThat(reason(draft)).isEqualTo("VerificationIncomplete");
        assertThat(message(draft)).contains("are of PostgreSQL 16");
    }
}
