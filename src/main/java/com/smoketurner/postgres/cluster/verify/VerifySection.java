package com.smoketurner.postgres.cluster.verify;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the last restore test found. */
public final class VerifySection implements Section {

    private static final String DEADLINE = "DeadlineExceeded";

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        ClusterView view = report.view();
        BackupStatus fields = Optional.ofNullable(draft.fields().build().backup())
                .orElseGet(() -> BackupStatus.builder().build());
        Optional<Verification> last = view.observed().verification();
        Optional<Verification> news = last.filter(
                        test -> !test.running() && view.spec().backupConfigured())
                .filter(test -> !time(test).equals(fields.lastVerificationTime()));
        if (news.isPresent()) {
            BackupStatus recorded = recorded(fields, news.get(), view);
            draft.fields().backup(recorded);
            event(news.get(), recorded, draft);
            condition(report, recorded, news, draft);
        } else if (fields.lastVerificationTime() != null || wanted(view)) {
            condition(report, fields, Optional.empty(), draft);
        }
    }

    private static boolean wanted(ClusterView view) {
        return NextVerification.spec(view).isPresent()
                || view.annotation(Annotations.VERIFY_BACKUP).isPresent();
    }

    /** When a test ended, as the status has it; nothing while it runs. */
    static String time(Verification test) {
        return test.ended() == null ? "" : Conditions.time(test.ended());
    }

    private static BackupStatus recorded(BackupStatus before, Verification test, ClusterView view) {
        Verification.Request request = test.request();
        BackupStatus.Builder fields =
                before.toBuilder().lastVerificationTime(time(test)).lastVerificationTarget(request.target());
        if (request.trigger() != null) {
            fields.lastVerificationTrigger(request.trigger());
        }
        if (!test.succeeded()) {
            return fields.verificationError(error(test, view)).build();
        }
        fields.lastVerifiedTime(time(test))
                .lastVerifiedBackup(request.backup())
                .verificationError(null)
                .lastVerifiedDuration(
                        test.result(Verification.Result::recoverySeconds).orElse(null));
        if (request.latest()) {
            fields.measuredRpoSeconds(recoveryPoint(test));
        }
        return fields.build();
    }

    /** How much of what was known to be archived was not recovered. */
    private static @Nullable Long recoveryPoint(Verification test) {
        Instant end = test.request().windowEnd();
        return end == null
                ? null
                : test.result(Verification.Result::reached)
                        .map(reached ->
                                Math.max(0, Duration.between(reached, end).toSeconds()))
                        .orElse(null);
    }

    /** Why a test did not succeed, with the first finding. */
    private static String error(Verification test, ClusterView view) {
        String what = "restore test of %s to %s"
                .formatted(test.request().backup(), test.request().target());
        if (test.result() != null) {
            String reason = Objects.requireNonNullElse(test.result().reason(), "Failed");
            return "%s: %s: %s; kubectl logs job/%s -n %s shows the test"
                    .formatted(
                            reason,
                            what,
                            test.result(Verification.Result::message).orElse("no message"),
                            view.names().verification(),
                            view.namespace());
        }
        if (DEADLINE.equals(test.jobReason())) {
            return "TimedOut: %s took longer than backup.verify.timeout, which is %s; raise it, or see kubectl describe job/%s -n %s"
                    .formatted(what, VerifyJob.timeout(view), view.names().verification(), view.namespace());
        }
        return "Ended: the pod of the %s ended without a result (%s); see kubectl describe job/%s -n %s"
                .formatted(
                        what,
                        Objects.requireNonNullElse(test.podReason(), "it is gone"),
                        view.names().verification(),
                        view.namespace());
    }

    private static void event(Verification test, BackupStatus recorded, StatusDraft draft) {
        if (test.succeeded()) {
            draft.event(EventReason.VERIFICATION_COMPLETED, success(recorded));
        } else {
            draft.event(EventReason.VERIFICATION_FAILED, Objects.requireNonNull(recorded.verificationError()));
        }
    }

    private static String success(BackupStatus fields) {
        return "the backup %s was restored to %s%s and passed all checks"
                .formatted(
                        fields.lastVerifiedBackup(),
                        fields.lastVerificationTarget(),
                        fields.lastVerifiedDuration() == null
                                ? ""
                                : " in %d s".formatted(fields.lastVerifiedDuration()));
    }

    private static void condition(
            ClusterReport report, BackupStatus fields, Optional<Verification> news, StatusDraft draft) {
        NextVerification next = new NextVerification(report.view());
        Optional<String> refused = refusal(report, next);
        if (fields.verificationError() != null) {
            no(draft, failure(news, draft), fields.verificationError());
        } else if (refused.isPresent()) {
            no(draft, Reason.VERIFICATION_INCOMPLETE, refused.get());
        } else if (fields.lastVerifiedTime() == null) {
            no(draft, Reason.NEVER_VERIFIED, never(report, next));
        } else if (next.overdue(Instant.parse(fields.lastVerifiedTime()))) {
            no(
                    draft,
                    Reason.VERIFICATION_OVERDUE,
                    "the last restore test that succeeded ended at %s, more than two intervals of the schedule ago"
                            .formatted(fields.lastVerifiedTime()));
        } else if (news.isPresent()
                || draft.shown(ConditionType.BACKUP_VERIFIED).isEmpty()) {
            draft.condition(ConditionType.BACKUP_VERIFIED, true, Reason.VERIFIED, success(fields));
        } else {
            keep(draft, fields);
        }
    }

    private static void keep(StatusDraft draft, BackupStatus fields) {
        Condition shown = draft.shown(ConditionType.BACKUP_VERIFIED).orElseThrow();
        draft.condition(
                ConditionType.BACKUP_VERIFIED,
                true,
                Reason.VERIFIED,
                StatusDraft.has(shown, Reason.VERIFIED) ? shown.message() : success(fields));
    }

    /** A finding in the backup, or a test that could not be finished. */
    private static Reason failure(Optional<Verification> news, StatusDraft draft) {
        boolean incomplete = news.map(
                        test -> !test.result(Verification.Result::finished).orElse(false))
                .orElseGet(() -> draft.shown(ConditionType.BACKUP_VERIFIED)
                        .filter(shown -> StatusDraft.has(shown, Reason.VERIFICATION_INCOMPLETE))
                        .isPresent());
        return incomplete ? Reason.VERIFICATION_INCOMPLETE : Reason.VERIFICATION_FAILED;
    }

    /** Why a test that is due does not begin; nothing where it does, or waits for a backup or for its turn. */
    private static Optional<String> refusal(ClusterReport report, NextVerification next) {
        ClusterView view = report.view();
        if (!view.spec().walArchived()
                || view.observed().verification().filter(Verification::running).isPresent()) {
            return Optional.empty();
        }
        BackupFacts facts = BackupFacts.of(view, report.repository());
        return next.next()
                .filter(start -> !view.now().isBefore(start.at()) && !facts.noBackupYet())
                .flatMap(start -> VerificationPlan.of(start, next.afterLatest(), facts)
                                instanceof Checked.Refused<VerificationPlan>(Reason reason, String message)
                        ? Optional.of(message)
                        : Optional.empty());
    }

    private static String never(ClusterReport report, NextVerification next) {
        ClusterView view = report.view();
        if (!view.spec().walArchived()) {
            return "no restore can be tested: spec.backup has no destination, or WAL archiving is disabled";
        }
        if (view.observed().verification().filter(Verification::running).isPresent()) {
            return "the first restore test runs; kubectl logs -f job/%s -n %s shows it"
                    .formatted(view.names().verification(), view.namespace());
        }
        if (BackupFacts.of(view, report.repository()).noBackupYet()) {
            return "no restore can be tested before the first base backup";
        }
        return next.next()
                .map(start -> start.trigger() != null
                        ? "no restore test has run yet; the requested one waits until no other cluster tests a restore"
                        : "no restore test has run yet; the next one is due at %s"
                                .formatted(Conditions.time(start.at())))
                .orElse("no restore test has run yet");
    }

    private static void no(StatusDraft draft, Reason reason, String message) {
        draft.condition(ConditionType.BACKUP_VERIFIED, false, reason, message);
    }
}
