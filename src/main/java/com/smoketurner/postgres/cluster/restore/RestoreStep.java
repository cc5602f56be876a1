package com.smoketurner.postgres.cluster.restore;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreSpec;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.backup.RestorePlan;
import com.smoketurner.postgres.backup.SourceSearch;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions.Answer;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions.Topic;
import com.smoketurner.postgres.cluster.run.RestoreReport;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.exec.PodExec;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backup for the member that has begun to restore the cluster, from what there is at the source, and follows it to
 * the end. The member waits for the choice; everything after that is its own work (src/main/resources/scripts/restore).
 */
@Singleton
public final class RestoreStep implements Step {

    /** Events tell of progress; this is for the case that one is lost. */
    private static final Duration RECHECK = Duration.ofSeconds(15);

    /** A source that cannot be read may be readable later: a store that was away, a corrected Secret. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int LISTING = 8 * 1024 * 1024;

    private final RepositoryQuestions questions;
    private final PodExec exec;

    RestoreStep(RepositoryQuestions questions, PodExec exec) {
        this.questions = questions;
        this.exec = exec;
    }

    @Override
    public Part part() {
        return Part.RESTORE;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().restore() == null || RestoreSettingsStep.complete(run.view())) {
            return Outcome.DONE;
        }
        String identity = RestoreSettings.identity(run.view());
        for (Member member : run.observed().members()) {
            RestoreReport report = member.restore();
            if (report != null && report.identity().equals(identity)) {
                return follow(run, member, report);
            }
        }
        return waiting("the first member has not begun the restore");
    }

    private Outcome follow(ClusterRun run, Member member, RestoreReport report) {
        String backup = Objects.requireNonNullElse(report.backup(), "the backup");
        return switch (report.state()) {
            case WAITING -> choose(run, member);
            case FETCHING -> waiting("%s fetches %s".formatted(member.name(), backup));
            case RECOVERING -> waiting("%s recovers from %s".formatted(member.name(), backup));
            case RETRYING ->
                new Outcome.Waiting(
                        Reason.RESTORE_RETRYING,
                        "%s tries again: %s".formatted(member.name(), Objects.requireNonNullElse(report.message(), "")),
                        RECHECK);
            case COMPLETED -> Outcome.DONE;
            case FAILED ->
                new Outcome.Rejected(
                        reason(report), Objects.requireNonNullElse(report.message(), "the restore failed"));
        };
    }

    private static Reason reason(RestoreReport report) {
        return Reason.RESTORE_TARGET_UNREACHABLE.label().equals(report.reason())
                ? Reason.RESTORE_TARGET_UNREACHABLE
                : Reason.RESTORE_FAILED;
    }

    private Outcome choose(ClusterRun run, Member member) {
        ClusterView view = run.view();
        String subject = member.uid() + member.incarnation();
        Optional<Answer> answer = questions
                .last(view, Topic.RESTORE)
                .filter(last -> last.subject().equals(subject));
        boolean stale = answer.filter(last -> last.result().succeeded()
                        || view.now().isBefore(last.at().plus(ASK_AGAIN)))
                .isEmpty();
        if (stale) {
            String major = view.spec().version();
            List<String> command = new ArrayList<>(List.of("restore", "list", "--major", major));
            if (searched(view)) {
                command.add("--search");
            }
            questions.ask(
                    view,
                    Topic.RESTORE,
                    subject,
                    () -> exec.run(
                            view.namespace(),
                            member.name(),
                            Member.CONTAINER,
                            "",
                            LONG,
                            LISTING,
                            command.toArray(String[]::new)));
        }
        return answer.map(last -> decide(run, member, last))
                .orElseGet(() -> waiting("the backups at %s are being listed".formatted(url(view, null))));
    }

    /** Whether backups are looked for in the whole bucket: the spec says nothing of where in it they are. */
    private static boolean searched(ClusterView view) {
        return RestoreSettings.location(view)
                .toOptional()
                .filter(location -> !location.pathGiven())
                .isPresent();
    }

    private Outcome decide(ClusterRun run, Member member, Answer answer) {
        List<String> found = SourceSearch.read(answer.result().output()).found();
        if (found.size() > 1) {
            return new Outcome.Rejected(
                    Reason.RESTORE_SOURCE_AMBIGUOUS,
                    "there are no backups at %s, but some of PostgreSQL %s at the paths %s of the bucket; create the cluster with one of them in restore.source.path"
                            .formatted(url(run.view(), null), run.spec().version(), String.join(", ", found)));
        }
        String path = found.isEmpty() ? null : found.getFirst();
        return switch (plan(run, answer, url(run.view(), path))) {
            case Checked.Refused<RestorePlan>(Reason reason, String message) -> new Outcome.Rejected(reason, message);
            case Checked.Accepted<RestorePlan>(RestorePlan chosen) -> begin(run, member, chosen, path);
        };
    }

    private static Checked<RestorePlan> plan(ClusterRun run, Answer answer, String url) {
        RestoreSpec spec = Objects.requireNonNull(run.spec().restore());
        return switch (RepositoryAnswers.source(run.view(), answer)) {
            case RepositoryListing.Answer.Failed(EngineFailure failure) ->
                Checked.refused(
                        Reason.RESTORE_SOURCE_UNREADABLE,
                        "the backups at %s cannot be read: %s".formatted(url, failure.message()));
            case RepositoryListing.Answer.Listed(RepositoryListing listing) ->
                RestorePlan.of(
                        listing,
                        spec.targetOrDefault(),
                        Integer.parseInt(run.spec().version()),
                        url,
                        run.now());
        };
    }

    private Outcome begin(ClusterRun run, Member member, RestorePlan plan, @Nullable String path) {
        PodExec.Result result = exec.run(
                run.namespace(),
                member.name(),
                Member.CONTAINER,
                plan.json(RestoreSettings.identity(run.view()), timeout(run.view()), path) + "\n",
                SHORT,
                "restore",
                "begin");
        return result.succeeded()
                ? waiting("%s begins to fetch %s".formatted(member.name(), plan.backup()))
                : new Outcome.Failed("%s does not begin the restore: %s"
                        .formatted(member.name(), result.error().strip()));
    }

    private static int timeout(ClusterView view) {
        BackupSpec backup = view.spec().backup();
        return backup == null ? 0 : backup.walArchivingOrDefault().restoreTimeoutOrDefault();
    }

    private static String url(ClusterView view, @Nullable String found) {
        return RestoreSettings.url(view, found).orElse("restore.source");
    }

    private static Outcome waiting(String message) {
        return new Outcome.Waiting(Reason.RESTORING, message, RECHECK);
    }
}
