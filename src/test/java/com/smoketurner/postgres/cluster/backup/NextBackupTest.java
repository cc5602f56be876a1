package com.smoketurner.postgres.cluster.backup;

import static com.smoketurner.postgres.backup.Repository.minute;
import static com.smoketurner.postgres.testing.values.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.RestoredFrom;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.Repository;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each due time and each request has one backup, whatever happens in between. */
class NextBackupTest {
    private static final String BACKUP = """
            backup:
              schedule: "%s"
              encryption: {keySecret: key}
              destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
            """;

    private final PostgresCluster cluster = cluster("0 * * * *");
    private final Repository repository = new Repository();
    private String job = "";
    private String onReplica = "";

    private static PostgresCluster cluster(String schedule) {
        PostgresCluster cluster = Clusters.cluster(BACKUP.formatted(schedule));
        cluster.getMetadata().setCreationTimestamp(minute(-30).toString());
        return cluster;
    }

    private static String report(String id, String state, Instant ended) {
        return "{\"id\":\"%s\",\"type\":\"full\",\"state\":\"%s\",\"startedAt\":\"%s\",\"endedAt\":\"%s\"}"
                .formatted(id, state, ended.minusSeconds(10), ended);
    }

    private Optional<NextBackup.Start> next(Instant now) {
        return plan(now).next();
    }

    private NextBackup plan(Instant now) {
        var member = member(0, true, true)
                .annotated(job.isEmpty() ? Map.of() : Map.of(Annotations.BACKUP_JOB, job))
                .build();
        var replica = member(1, false, true)
                .annotated(onReplica.isEmpty() ? Map.of() : Map.of(Annotations.BACKUP_JOB, onReplica))
                .build();
        return new NextBackup(BackupFacts.of(
                Runs.of(cluster, now, "c-0", List.of(member, replica)),
                Optional.of(new RepositoryListing.Answer.Listed(repository.listing()))));
    }

    private static Duration jitter(Instant start, Instant due) {
        return Duration.between(due, start);
    }

    @Test
    void theNextDueTimeIsWaitedFor() {
        repository.full("F1", 1, 1);
        var start = next(minute(10)).orElseThrow();
        assertThat(start.id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
        assertThat(jitter(start.at(), minute(60))).isBetween(Duration.ZERO, Duration.ofMinutes(6));
    }

    @Test
    void aDueTimeThatWasMissedIsMadeUpOnce() {
        var start = next(minute(20)).orElseThrow();
        assertThat(start.id()).isEqualTo(BackupIds.scheduled(minute(0), 1));
        assertThat(start.at()).isBeforeOrEqualTo(minute(20));
        repository.full("F21", 21, 1);
        assertThat(next(minute(22)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
    }

    @Test
    void dueTimesBeforeTheCreationDoNotCount() {
        cluster.getMetadata().setCreationTimestamp(minute(5).toString());
        assertThat(next(minute(10)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
    }

    @Test
    void aFailedBackupIsTriedAgainLaterAndLaterUntilTheNextDueTime() {
        job = report(BackupIds.scheduled(minute(0), 1), "failed", minute(2));
        assertThat(next(minute(3))).contains(new NextBackup.Start(BackupIds.scheduled(minute(0), 2), minute(7)));
        job = report(BackupIds.scheduled(minute(0), 2), "failed", minute(8));
        assertThat(next(minute(9))).contains(new NextBackup.Start(BackupIds.scheduled(minute(0), 3), minute(18)));
        job = report(BackupIds.scheduled(minute(0), 5), "failed", minute(50));
        assertThat(next(minute(51)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
    }

    @Test
    void aBackupThatIsDoneAndNotListedYetIsNotTakenAgain() {
        job = report(BackupIds.scheduled(minute(0), 1), "succeeded", minute(2));
        assertThat(next(minute(3))).isEmpty();
    }

    @Test
    void aRequestComesFirstAndOnce() {
        repository.full("F1", 1, 1);
        cluster.getMetadata().setAnnotations(Map.of(Annotations.TRIGGER_BACKUP, "now"));
        assertThat(next(minute(10))).contains(new NextBackup.Start(BackupIds.manual("now"), minute(10)));
        job = report(BackupIds.manual("now"), "failed", minute(11));
        assertThat(next(minute(12)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
    }

    private static String failedOnReplica(String id, Instant ended) {
        return report(id, "failed", ended).replace("}", ",\"replica\":true}");
    }

    @Test
    void whatAReplicaCouldNotDoThePrimaryDoesAtOnceAndOnce() {
        onReplica = failedOnReplica(BackupIds.scheduled(minute(0), 1), minute(2));
        var second = next(minute(3)).orElseThrow();
        assertThat(second.id()).isEqualTo(BackupIds.scheduled(minute(0), 2));
        assertThat(second.at()).isBeforeOrEqualTo(minute(3));
        assertThat(second.failed().orElseThrow().member()).isEqualTo("c-1");
        job = report(BackupIds.scheduled(minute(0), 2), "failed", minute(4));
        assertThat(next(minute(5)).orElseThrow())
                .isEqualTo(new NextBackup.Start(BackupIds.scheduled(minute(0), 3), minute(14)));
    }

    @Test
    void aRequestThatAReplicaCouldNotFulfilGoesToThePrimaryOnce() {
        repository.full("F1", 1, 1);
        cluster.getMetadata().setAnnotations(Map.of(Annotations.TRIGGER_BACKUP, "now"));
        onReplica = failedOnReplica(BackupIds.manual("now"), minute(11));
        var second = next(minute(12)).orElseThrow();
        assertThat(second.id()).isEqualTo(BackupIds.manual("now", 2));
        assertThat(second.failed()).isPresent();
        job = report(BackupIds.manual("now", 2), "failed", minute(13));
        assertThat(next(minute(14)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
        repository.full(BackupIds.manual("now", 2), 13, 1);
        job = "";
        assertThat(next(minute(15)).orElseThrow().id()).isEqualTo(BackupIds.scheduled(minute(60), 1));
    }

    /** What is started is seen in the pod a little later; until then nothing else is started on another member. */
    @Test
    void oneJobRunsInTheWholeCluster() {
        var started = new StartedJobs();
        assertThat(started.waiting(plan(minute(1)).facts())).isFalse();
        started.started(plan(minute(1)).facts(), "expire-1");
        assertThat(started.waiting(plan(minute(1).plusSeconds(5)).facts())).isTrue();
        assertThat(started.waiting(plan(minute(2)).facts()))
                .as("it left no trace")
                .isFalse();
        onReplica = report("expire-1", "running", minute(1));
        assertThat(started.waiting(plan(minute(1).plusSeconds(5)).facts())).isFalse();
        assertThat(plan(minute(2)).facts().running())
                .hasValueSatisfying(running -> assertThat(running.member()).isEqualTo("c-1"));
    }

    @Test
    void aRestoredClusterHasABackupOfItsOwnAtOnce() {
        cluster.setStatus(PostgresClusterStatus.builder()
                .restoredFrom(RestoredFrom.builder().backupName("F0").build())
                .build());
        assertThat(next(minute(10)).orElseThrow())
                .satisfies(start -> assertThat(start.id()).startsWith("first-"))
                .satisfies(start -> assertThat(start.at()).isEqualTo(minute(10)));
        repository.full("F11", 11, 2);
        assertThat(next(minute(12)).orElseThrow().id()).startsWith("scheduled-");
    }

    @Test
    void deltasFollowAFullBackupUpToTheirNumber() {
        PostgresCluster deltas =
                Clusters.cluster(BACKUP.formatted("0 * * * *") + "  enableDeltaBackups: true\n  deltaMaxSteps: 2\n");
        deltas.getMetadata().setCreationTimestamp(minute(-30).toString());
        assertThat(type(deltas)).isEqualTo("full");
        repository.full("F1", 1, 1);
        assertThat(type(deltas)).isEqualTo("delta");
        repository.delta("D2", "F1", 2, 1).delta("D3", "F1", 3, 1);
        assertThat(type(deltas)).isEqualTo("full");
        assertThat(plan(minute(4)).type()).as("without enableDeltaBackups").isEqualTo("full");
    }

    private String type(PostgresCluster deltas) {
        return new NextBackup(BackupFacts.of(
                        Runs.of(
                                deltas,
                                minute(5),
                                "c-0",
                                List.of(member(0, true, true).build())),
                        Optional.of(new RepositoryListing.Answer.Listed(repository.listing()))))
                .type();
    }
}
