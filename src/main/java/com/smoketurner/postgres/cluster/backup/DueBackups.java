package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.Retention;
import com.smoketurner.postgres.cluster.backup.BackupProgram.Job;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Verification;
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

/**
 * Starts what is due: a backup, on the primary or a replica, or on the primary the deletion of those that retention no longer
 * keeps. One job at a time, whichever member it runs on.
 */
@Singleton
final class DueBackups {

    /** How long a kubelet takes to write changed files into a pod. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final BackupProgram program;
    private final Wakeups wakeups;
    private final MemberPods pods;
    private final EventRecorder events;
    private final StartedJobs started;

    DueBackups(BackupProgram program, Wakeups wakeups, MemberPods pods, EventRecorder events, StartedJobs started) {
        this.program = program;
        this.wakeups = wakeups;
        this.pods = pods;
        this.events = events;
        this.started = started;
    }

    /** Takes the next step of a cluster whose repository is listed and claimed. */
    Outcome take(ClusterRun run, BackupFacts facts, Secret settings, Member primary) {
        if (facts.running().isPresent() || started.waiting(facts)) {
            return Outcome.UNDECIDED; // Its end is reported.
        }
        // What a restore test reads is deleted when it has ended.
        boolean tested =
                run.observed().verification().filter(Verification::running).isPresent();
        List<Retention.Victim> victims = tested ? List.of() : victims(run, facts);
        if (!victims.isEmpty()) {
            return expire(run, facts, settings, primary, victims);
        }
        Optional<NextBackup.Start> next = new NextBackup(facts).next();
        if (next.isEmpty()) {
            return Outcome.DONE;
        }
        if (run.now().isBefore(next.get().at())) {
            wakeups.wakeAt(ResourceID.fromResource(run.cluster()), next.get().at(), run.now());
            return Outcome.DONE;
        }
        return backUp(run, facts, settings, primary, next.get());
    }

    private Outcome backUp(ClusterRun run, BackupFacts facts, Secret settings, Member primary, NextBackup.Start next) {
        String type = new NextBackup(facts).type();
        return switch (BackupSource.of(run.view(), primary, next.failed())) {
            case BackupSource.Replica(Member replica, String host) ->
                start(run, facts, settings, replica, new Job(next.id(), type, List.of(), Optional.of(host)), () -> {});
            case BackupSource.Primary(Member member, Optional<String> why) ->
                start(
                        run,
                        facts,
                        settings,
                        member,
                        new Job(next.id(), type, List.of(), Optional.empty()),
                        () -> why.ifPresent(reason -> record(
                                run,
                                EventReason.BACKUP_FROM_PRIMARY,
                                "the backup is taken from the primary %s: %s".formatted(member.name(), reason))));
        };
    }

    private void record(ClusterRun run, EventReason reason, String message) {
        events.record(run.cluster(), EventMessage.of(reason, message), run.now());
    }

    private static List<Retention.Victim> victims(ClusterRun run, BackupFacts facts) {
        Retention retention =
                Retention.of(Objects.requireNonNull(run.spec().backup()).retention());
        List<Retention.Victim> victims = retention.victims(facts.listing().orElseThrow(), run.now());
        boolean failed = facts.jobs().anyMatch(job -> job.failed() && job.id().equals(expireId(victims)));
        return failed ? List.of() : victims; // It is tried again when another backup has been taken.
    }

    private Outcome expire(
            ClusterRun run, BackupFacts facts, Secret settings, Member primary, List<Retention.Victim> victims) {
        List<String> names =
                victims.stream().map(victim -> victim.backup().name()).toList();
        return start(
                run,
                facts,
                settings,
                primary,
                new Job(expireId(victims), BackupJob.EXPIRE, names, Optional.empty()),
                () -> record(
                        run,
                        EventReason.BACKUPS_DELETED,
                        victims.stream()
                                .map(victim -> "%s is deleted: %s"
                                        .formatted(victim.backup().name(), victim.reason()))
                                .collect(Collectors.joining("; "))));
    }

    private static String expireId(List<Retention.Victim> victims) {
        return "expire-"
                + Fingerprint.of(
                        victims.stream().map(victim -> victim.backup().name()).collect(Collectors.joining(",")));
    }

    /** @param then what follows a start */
    private Outcome start(ClusterRun run, BackupFacts facts, Secret settings, Member member, Job job, Runnable then) {
        String revision = BackupSettings.revision(settings);
        PodExec.Result result = program.start(run.namespace(), member.name(), job, revision);
        return switch (result.exitCode()) {
            case 0 -> {
                started.started(facts, job.id());
                then.run();
                yield Outcome.UNDECIDED;
            }
            case BackupProgram.BUSY -> Outcome.UNDECIDED; // Its end is reported.
            case BackupProgram.OUTDATED -> {
                // The kubelet writes the files into a pod that changes at once.
                pods.mark(
                        run.applier(),
                        run.namespace(),
                        member.name(),
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
                                job.id(),
                                member.name(),
                                EngineFailure.of(result.exitCode(), result.error())
                                        .message()));
        };
    }
}
