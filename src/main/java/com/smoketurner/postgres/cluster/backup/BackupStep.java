package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions.Topic;
import com.smoketurner.postgres.cluster.run.Step;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Base backups: finds out whose the repository is, starts what is due, and deletes what retention no longer keeps. What runs goes
 * on in the pod by itself, and its end is reported there.
 */
@Singleton
public final class BackupStep implements Step {

    /** A repository is listed again after this time; what the operator itself changes in it is listed at once. */
    private static final Duration EVERY = Duration.ofMinutes(10);

    /** So soon after a listing that failed. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final RepositoryQuestions questions;
    private final BackupProgram program;
    private final RepositoryClaim claim;
    private final DueBackups due;

    BackupStep(RepositoryQuestions questions, BackupProgram program, RepositoryClaim claim, DueBackups due) {
        this.questions = questions;
        this.program = program;
        this.claim = claim;
        this.due = due;
    }

    @Override
    public Part part() {
        return Part.BACKUP;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Secret> settings = run.observed().backupSettings();
        Optional<Member> primary = run.observed().primary(run.now());
        if (!run.spec().walArchived() || settings.isEmpty() || primary.isEmpty()) {
            return Outcome.DONE;
        }
        boolean current = ask(run.view(), settings.get(), primary.get());
        Optional<RepositoryListing.Answer> answer =
                RepositoryAnswers.backups(run.view(), questions).filter(known -> current);
        if (!BackupSettings.claimed(settings.get())) {
            return claim.make(run, settings.get(), primary.get(), answer);
        }
        BackupFacts facts = BackupFacts.of(run.view(), answer);
        return facts.listing().isPresent() ? due.take(run, facts, settings.get(), primary.get()) : Outcome.UNDECIDED;
    }

    /**
     * Lists the repository when it may have changed, and from time to time.
     *
     * @return whether the last listing is not older than the last change
     */
    private boolean ask(ClusterView view, Secret settings, Member primary) {
        String subject = subject(view, settings);
        Optional<RepositoryQuestions.Answer> current =
                questions.last(view, Topic.BACKUP).filter(last -> last.subject().equals(subject));
        boolean fresh = current.filter(
                        last -> view.now().isBefore(last.at().plus(last.result().succeeded() ? EVERY : RETRY)))
                .isPresent();
        if (!fresh) {
            String revision = BackupSettings.revision(settings);
            Optional<String> after =
                    BackupFacts.of(view, Optional.empty()).lastFromReplica().map(BackupJob::id);
            questions.ask(
                    view, Topic.BACKUP, subject, () -> program.list(view.namespace(), primary.name(), revision, after));
        }
        return current.isPresent();
    }

    /** Changes with the settings, with the major version, which is part of the path, and with the end of each job. */
    private static String subject(ClusterView view, Secret settings) {
        StringBuilder subject = new StringBuilder(BackupSettings.revision(settings))
                .append(' ')
                .append(view.cluster().runningMajor());
        BackupFacts.of(view, Optional.empty())
                .jobs()
                .filter(job -> !job.running())
                .map(job -> job.id() + job.state())
                .sorted()
                .forEach(job -> subject.append(' ').append(job));
        return subject.toString();
    }
}
