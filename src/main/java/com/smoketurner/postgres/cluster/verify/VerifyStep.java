package com.smoketurner.postgres.cluster.verify;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.cluster.run.Wakeups;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Restore tests: starts the Job of the one that is due. What runs goes on by itself; its end is seen on the Job and its pod
 * (src/main/resources/scripts/verify).
 */
@Singleton
public final class VerifyStep implements Step {

    private static final String OCCASION = "verification";

    /** Kubernetes ends a Job some time after its deadline. */
    private static final Duration LATE = Duration.ofMinutes(5);

    /** Whoever waits for his turn is woken; this is for the case that the one before him is gone. */
    private static final Duration RECHECK = Duration.ofMinutes(10);

    private final RepositoryQuestions questions;
    private final VerificationQueue queue;
    private final Wakeups wakeups;
    private final EventRecorder events;

    VerifyStep(RepositoryQuestions questions, VerificationQueue queue, Wakeups wakeups, EventRecorder events) {
        this.questions = questions;
        this.queue = queue;
        this.wakeups = wakeups;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.VERIFY;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Verification> last = run.observed().verification();
        if (last.filter(Verification::running).isPresent()) {
            queue.hold(
                    run.view(),
                    last.get().started().plus(VerifyJob.timeout(run.view())).plus(LATE));
            return Outcome.DONE; // Its end is seen.
        }
        NextVerification plan = new NextVerification(run.view());
        if (last.filter(test -> run.spec().backupConfigured() && !plan.recorded(test))
                .isPresent()) {
            return Outcome.UNDECIDED;
        }
        Optional<NextVerification.Start> next =
                plan.next().filter(start -> run.spec().walArchived());
        Optional<BackupFacts> facts = facts(run);
        boolean due = next.filter(start -> !run.now().isBefore(start.at())).isPresent();
        if (next.isEmpty() || !due || facts.isEmpty()) {
            leave(run);
            next.filter(start -> !due).ifPresent(start -> wake(run, start.at()));
            return Outcome.DONE;
        }
        return start(run, next.get(), plan.afterLatest(), facts.get());
    }

    /** What is known of the backups, where one of them can be tested now: a job that deletes some could take one away. */
    private Optional<BackupFacts> facts(ClusterRun run) {
        return run.spec().walArchived()
                ? Optional.of(BackupFacts.of(run.view(), RepositoryAnswers.backups(run.view(), questions)))
                        .filter(facts -> facts.claimed()
                                && !facts.noBackupYet()
                                && facts.running().isEmpty())
                : Optional.empty();
    }

    private Outcome start(ClusterRun run, NextVerification.Start start, boolean afterLatest, BackupFacts facts) {
        if (!(VerificationPlan.of(start, afterLatest, facts)
                instanceof Checked.Accepted<VerificationPlan>(VerificationPlan plan))) {
            leave(run);
            return Outcome.DONE; // The condition says why.
        }
        Instant until = run.now().plus(VerifyJob.timeout(run.view())).plus(LATE);
        if (!queue.take(run.view(), until)) {
            wake(run, run.now().plus(RECHECK));
            return Outcome.DONE;
        }
        if (run.observed().verification().isPresent()) {
            run.applier().ensureAbsent(Job.class, run.namespace(), run.names().verification());
            return Outcome.UNDECIDED;
        }
        run.applier().ensure(VerifyJob.of(run.view(), plan));
        events.logAndRecord(
                run.cluster(),
                EventMessage.of(
                        EventReason.VERIFICATION_STARTED,
                        "restore test of the backup %s to %s has begun; kubectl logs -f job/%s -n %s shows it"
                                .formatted(
                                        plan.restore().backup(),
                                        plan.target(),
                                        run.names().verification(),
                                        run.namespace())),
                run.now());
        return Outcome.UNDECIDED;
    }

    private void leave(ClusterRun run) {
        queue.release(run.view()).ifPresent(wakeups::wake);
    }

    private void wake(ClusterRun run, Instant at) {
        wakeups.wakeAt(ResourceID.fromResource(run.cluster()), OCCASION, at, run.now());
    }
}
