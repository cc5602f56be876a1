package com.smoketurner.postgres.cluster.backup;

import static com.smoketurner.postgres.backup.Repository.minute;
import static com.smoketurner.postgres.testing.values.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.ManualBackupStatus;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.Engine;
import com.smoketurner.postgres.backup.Repository;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupSectionTest {
    private static final String BACKUP = """
            backup:
              schedule: "0 * * * *"
              encryption: {keySecret: key}
              destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
            """;

    private final PostgresCluster cluster = Clusters.cluster(BACKUP);
    private final Repository repository = new Repository();
    private final Map<String, String> annotations = new HashMap<>();
    private boolean claimed = true;
    private PostgresClusterStatus shown = PostgresClusterStatus.builder().build();

    /** What is shown at that time; the next call finds it as the status shown so far. */
    private StatusDraft show(Instant now) {
        return show(now, Optional.of(new RepositoryListing.Answer.Listed(repository.listing())));
    }

    private StatusDraft show(Instant now, Optional<RepositoryListing.Answer> answer) {
        cluster.setStatus(shown);
        Map<String, String> files = new HashMap<>(Map.of("path", base64("default/my-cluster")));
        if (claimed) {
            files.put("claimed", base64("uid"));
        }
        var view = Runs.of(
                cluster,
                Observed.members(member(0, true, true).annotated(annotations).build())
                        .leader("c-0", now)
                        .backupSettings(new SecretBuilder().withData(files).build())
                        .build(),
                now);
        var report = new ClusterReport(
                view, Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("16.9"), answer);
        var draft = new StatusDraft(report, shown);
        new BackupSection().write(report, draft);
        shown = draft.fields().conditions(draft.conditions()).build();
        return draft;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void archive(boolean failing, String end) {
        annotations.put(
                Annotations.ARCHIVE,
                "{\"last\":\"000000010000000000000007\",\"lastAt\":\"2026-11-29T10:01:00Z\",\"failing\":%s,\"error\":\"ERROR: [049]: unable to connect to 'x:443'\",\"waiting\":3,\"end\":\"%s\"}"
                        .formatted(failing, end));
    }

    private void job(String id, String state, Instant ended) {
        annotations.put(
                Annotations.BACKUP_JOB,
                "{\"id\":\"%s\",\"type\":\"full\",\"state\":\"%s\",\"startedAt\":\"%s\",\"endedAt\":\"%s\",\"error\":\"ERROR: [039]: HTTP request failed with 403 (Forbidden)\"}"
                        .formatted(id, state, ended.minusSeconds(10), ended));
    }

    private BackupStatus backup() {
        return Objects.requireNonNull(shown.backup());
    }

    private static Condition healthy(StatusDraft draft) {
        return draft.written(ConditionType.BACKUP_HEALTHY).orElseThrow();
    }

    private static List<String> events(StatusDraft draft) {
        return draft.events().stream().map(EventMessage::reason).toList();
    }

    @Test
    void withoutADestinationARequestFailsOnce() {
        cluster.setSpec(Clusters.cluster().getSpec());
        cluster.getMetadata().setAnnotations(Map.of(Annotations.TRIGGER_BACKUP, "now"));
        StatusDraft draft = show(minute(1));
        assertThat(healthy(draft).reason()).isEqualTo("BackupNotConfigured");
        assertThat(events(draft)).containsExactly("ManualBackupFailed");
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.FAILED);
        assertThat(events(show(minute(2)))).isEmpty();
    }

    @Test
    void aRepositoryThatIsNotClaimedIsNoBackup() {
        claimed = false;
        StatusDraft draft = show(minute(1), Optional.empty());
        assertThat(healthy(draft))
                .extracting(Condition::status, Condition::reason)
                .containsExactly("False", "ClaimingRepository");
        assertThat(backup().walArchivingHealthy()).isFalse();
    }

    @Test
    void aBackupAndArchivedWalMakeAWindow() {
        repository.full("F1", 1, 1).full("F5", 5, 1);
        archive(false, "2026-11-29T10:20:00Z");
        StatusDraft draft = show(minute(21));
        assertThat(healthy(draft))
                .extracting(Condition::status, Condition::reason)
                .containsExactly("True", "BackupsHealthy");
        assertThat(backup())
                .extracting(
                        BackupStatus::backupCount,
                        BackupStatus::lastBackupName,
                        BackupStatus::recoveryWindowStart,
                        BackupStatus::recoveryWindowEnd,
                        BackupStatus::path)
                .containsExactly(2, "F5", "2026-11-29T10:01:00Z", "2026-11-29T10:20:00Z", "default/my-cluster/16");
        assertThat(backup().nextScheduledTime()).isEqualTo("2026-11-29T11:00:00Z");
        assertThat(backup().lastError()).isNull();
    }

    @Test
    void whatCannotBeReadIsNeverShownAsNoBackups() {
        repository.full("F1", 1, 1);
        archive(false, "2026-11-29T10:02:00Z");
        show(minute(3));
        var failed = RepositoryListing.read(
                Engine.of(BackupEngine.PG_BACK_REST), 2, "", "ERROR: [049]: unable to connect to 's3.example.com:443'");
        StatusDraft draft = show(minute(4), Optional.of(failed));
        assertThat(healthy(draft).reason()).isEqualTo("LastBackupFailed");
        assertThat(healthy(draft).message()).contains("s3://b/default/my-cluster", "cannot be reached");
        assertThat(backup().backupCount()).isEqualTo(1);
        assertThat(backup().lastError()).contains("cannot be reached");
        show(minute(5));
        assertThat(backup().lastError()).isNull();
        assertThat(backup().lastErrorTime()).isNull();
    }

    @Test
    void archivingThatFailsIsToldOnceAndSoIsItsReturn() {
        repository.full("F1", 1, 1);
        archive(true, "2026-11-29T10:02:00Z");
        StatusDraft draft = show(minute(3));
        assertThat(healthy(draft).reason()).isEqualTo("WALArchivingFailed");
        assertThat(healthy(draft).message()).contains("cannot be reached", "3 WAL files wait");
        assertThat(events(draft)).containsExactly("WALArchivingFailed");
        assertThat(backup().walArchivingHealthy()).isFalse();
        assertThat(events(show(minute(4)))).isEmpty();
        archive(false, "2026-11-29T10:04:00Z");
        assertThat(events(show(minute(5)))).containsExactly("WALArchivingHealthy");
    }

    @Test
    void aVolumeThatWalFillsIsToldWithTheTimeThatIsLeft() {
        repository.full("F1", 1, 1);
        waiting("\"left\":1260,\"fullAt\":\"2026-11-29T10:24:00Z\"");
        StatusDraft draft = show(minute(3));
        assertThat(healthy(draft).reason()).isEqualTo("WALArchivingFailed");
        assertThat(healthy(draft).message())
                .isEqualTo(
                        "40 WAL files wait to be archived, the oldest since 2026-11-29T10:02:00Z, and at this rate the"
                                + " volume is full in 21 minutes, at 2026-11-29T10:24:00Z; raise spec.storage.size if that is too soon");
        waiting("\"left\":36000,\"fullAt\":\"2026-11-29T20:03:00Z\"");
        assertThat(healthy(show(minute(3))).status()).as("far away").isEqualTo("True");
    }

    private void waiting(String forecast) {
        annotations.put(
                Annotations.ARCHIVE,
                "{\"failing\":false,\"waiting\":40,\"waitingSince\":\"2026-11-29T10:02:00Z\",%s}".formatted(forecast));
    }

    @Test
    void aScheduledBackupIsFollowedByEvents() {
        archive(false, "2026-11-29T10:00:00Z");
        String id = BackupIds.scheduled(minute(0), 1);
        job(id, "running", minute(1));
        assertThat(events(show(minute(1)))).containsExactly("BackupStarted");
        assertThat(backup().currentBackup()).isEqualTo(id);
        job(id, "failed", minute(2));
        StatusDraft failed = show(minute(2));
        assertThat(events(failed)).containsExactly("BackupFailed");
        assertThat(healthy(failed).message()).contains("the last backup failed", "403");
        assertThat(backup().lastScheduleTime()).isEqualTo("2026-11-29T10:00:00Z");
        assertThat(events(show(minute(3)))).isEmpty();
        job(BackupIds.scheduled(minute(0), 2), "running", minute(8));
        assertThat(events(show(minute(8)))).containsExactly("BackupStarted");
        job(BackupIds.scheduled(minute(0), 2), "succeeded", minute(9));
        repository.full("F9", 9, 1);
        assertThat(events(show(minute(9)))).containsExactly("BackupCompleted");
        assertThat(backup().lastError()).isNull();
    }

    @Test
    void aRequestIsCompletedWhenTheListShowsIt() {
        cluster.getMetadata().setAnnotations(Map.of(Annotations.TRIGGER_BACKUP, "now"));
        show(minute(1));
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.PENDING);
        job(BackupIds.manual("now"), "running", minute(2));
        assertThat(events(show(minute(2)))).containsExactly("ManualBackupStarted");
        job(BackupIds.manual("now"), "succeeded", minute(3));
        assertThat(events(show(minute(3)))).isEmpty();
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.RUNNING);
        repository.full(BackupIds.manual("now"), 3, 1);
        assertThat(events(show(minute(4)))).containsExactly("ManualBackupCompleted");
        assertThat(backup().lastManualBackupTrigger()).isEqualTo("now");
        assertThat(events(show(minute(5), Optional.empty()))).isEmpty();
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.COMPLETED);
    }

    @Test
    void aRequestThatAReplicaCouldNotFulfilGoesOnUntilThePrimaryHasTried() {
        cluster.getMetadata().setAnnotations(Map.of(Annotations.TRIGGER_BACKUP, "now"));
        archive(false, "2026-11-29T10:00:00Z");
        job(BackupIds.manual("now"), "running", minute(2));
        annotations.computeIfPresent(Annotations.BACKUP_JOB, (key, job) -> job.replace("}", ",\"replica\":true}"));
        assertThat(show(minute(2)).events())
                .extracting(EventMessage::message)
                .containsExactly("the backup requested by now has begun on the replica c-0");
        job(BackupIds.manual("now"), "failed", minute(3));
        annotations.computeIfPresent(Annotations.BACKUP_JOB, (key, job) -> job.replace("}", ",\"replica\":true}"));
        StatusDraft failed = show(minute(3));
        assertThat(events(failed)).isEmpty();
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.RUNNING);
        assertThat(backup().lastError()).isNull();
        job(BackupIds.manual("now", 2), "failed", minute(4));
        assertThat(events(show(minute(4)))).containsExactly("ManualBackupFailed");
        assertThat(backup().lastManualBackupStatus()).isEqualTo(ManualBackupStatus.FAILED);
    }

    @Test
    void aBackupOlderThanTwoIntervalsIsOverdue() {
        repository.full("F1", 1, 1);
        archive(false, "2026-11-29T12:00:00Z");
        assertThat(healthy(show(minute(120))).reason()).isEqualTo("BackupsHealthy");
        StatusDraft draft = show(minute(122));
        assertThat(healthy(draft).reason()).isEqualTo("BackupOverdue");
        assertThat(events(draft)).containsExactly("BackupOverdue");
    }
}
