package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.Retention;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Wakeups;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Starts what is due: a backup, or the deletion of those that retention no longer keeps. One job at a time. */
@Singleton
final class DueBackups {

    /** How long a kubelet takes to write changed files into a pod. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final BackupProgram program;
    private final Wakeups wakeups;
    private final MemberPods pods;
    private final EventRecorder events;

    DueBackups(BackupProgram program, Wakeups wakeups, MemberPods pods, EventRecorder events) {
        this.program = program;
        this.wakeups = wakeups;
        this.pods = pods;
        this.events = events;
    }

    /** Takes the next step of a cluster whose repository is listed and claimed. */
    Outcome take(ClusterRun run, BackupFacts facts, Secret settings, Member primary) {
        if (facts.running().isPresent()) {
            return Outcome.UNDECIDED; // Its end is reported.
        }
        List<Retention.Victim> victims = victims(run, facts);
        if (!victims.isEmpty()) {
            return expire(run, settings, primary, victims);
        }
        NextBackup plan = new NextBackup(facts);
        Optional<NextBackup.Start> next = plan.next();
        if (next.isEmpty()) {
            return Outcome.DONE;
        }
        if (run.now().isBefore(next.get().at())) {
            wakeups.wakeAt(ResourceID.fromResource(run.cluster()), next.get().at(), run.now());
            return Outcome.DONE;
        }
        Outcome outcome = start(run, settings, primary, next.get().id(), plan.type(), List.of());
        if (outcome.equals(Outcome.UNDECIDED)
                && Objects.requireNonNull(run.spec().backup()).backupFromReplicaOrDefault()) {
            events.record(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.BACKUP_FROM_PRIMARY,
                            "the backup is taken from the primary %s: this release takes none from a replica"
                                    .formatted(primary.name())),
                    run.now());
        }
        return outcome;
    }

    private static List<Retention.Victim> victims(ClusterRun run, BackupFacts facts) {
        Retention retention =
                Retention.of(Objects.requireNonNull(run.spec().backup()).retention());
        List<Retention.Victim> victims = retention.victims(facts.listing().orElseThrow(), run.now());
        boolean failed = facts.jobs().anyMatch(job -> job.failed() && job.id().equals(expireId(victims)));
        return failed ? List.of() : victims; // It is tried again when another backup has been taken.
    }

    private Outcome expire(ClusterRun run, Secret settings, Member primary, List<Retention.Victim> victims) {
        List<String> names =
                victims.stream().map(victim -> victim.backup().name()).toList();
        Outcome outcome = start(run, settings, primary, expireId(victims), BackupJob.EXPIRE, names);
        if (outcome.equals(Outcome.UNDECIDED)) {
            events.record(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.BACKUPS_DELETED,
                            victims.stream()
                                    .map(victim -> "%s is deleted: %s"
                                            .formatted(victim.backup().name(), victim.reason()))
                                    .collect(Collectors.joining("; "))),
                    run.now());
        }
        return outcome;
    }

    private static String expireId(List<Retention.Victim> victims) {
        return "expire-"
                + Fingerprint.of(
                        victims.stream().map(victim -> victim.backup().name()).collect(Collectors.joining(",")));
    }

    private Outcome start(ClusterRun run, Secret settings, Member primary, String id, String type, List<String> names) {
        String revision = BackupSettings.revision(settings);
        PodExec.Result result = program.start(run.namespace(), primary.name(), id, type, names, revision);
        return switch (result.exitCode()) {
            case 0 -> Outcome.UNDECIDED;
            case BackupProgram.BUSY -> Outcome.UNDECIDED; // Its end is reported.
            case BackupProgram.OUTDATED -> {
                // The kubelet writes the files into a pod that changes at once.
                pods.mark(
                        run.applier(),
                        run.namespace(),
                        primary.name(),
                        Map.of(),
                        Map.of(
                                Annotations.BACKUP_REVISION,
                                revision + "-" + run.now().getEpochSecond()));
                wakeups.wakeAt(ResourceID.fromResource(run.cluster()), run.now().plus(SOON), run.now());
                yield Outcome.UNDECIDED;
            }
            default ->
                new Outcome.Failed("backup %s cannot be started on %s: %s"
                        .formatted(
                                id,
                                primary.name(),
                                EngineFailure.of(result.exitCode(), result.error())
                                        .message()));
        };
    }
}
