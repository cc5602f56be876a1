package com.smoketurner.postgres.cluster.verify;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.BackupVerifySpec;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.backup.BackupSchedule;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.naming.Annotations;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which restore test is to be started next, as a function of the spec, of the tests so far and of the time.
 *
 * @param view of a cluster none of whose tests runs
 */
record NextVerification(ClusterView view) {

    /**
     * A test to start.
     *
     * @param trigger value of the annotation that asks for it; null for a scheduled one
     * @param occasion in one word, the same for the same test; what is left to chance follows from it
     * @param at when; now or earlier means now
     */
    record Start(@Nullable String trigger, String occasion, Instant at) {}

    /** The test that comes next, due or not; nothing without a schedule and without a request. */
    Optional<Start> next() {
        return requested().or(this::scheduled);
    }

    private Optional<Start> requested() {
        return view.annotation(Annotations.VERIFY_BACKUP)
                .filter(trigger -> !trigger.isBlank() && !acted(trigger))
                .map(trigger -> new Start(trigger, "request " + trigger, view.now()));
    }

    /** The same value asks for one test only. */
    private boolean acted(String trigger) {
        return trigger.equals(shown().lastVerificationTrigger())
                || view.observed()
                        .verification()
                        .filter(last -> trigger.equals(last.request().trigger()))
                        .isPresent();
    }

    /** The last due time is made up once if it was missed; a test that began since then, for whatever reason, does for it. */
    private Optional<Start> scheduled() {
        return schedule(view).map(schedule -> {
            Instant due = schedule.lastDue(view.now());
            boolean open = !due.isBefore(counted()) && !done(due);
            Instant taken = open ? due : schedule.nextDue(view.now());
            String uid = view.cluster().getMetadata().getUid();
            return new Start(null, "due " + taken, taken.plus(schedule.jitter(uid, taken)));
        });
    }

    /** Due times count from the creation of the cluster on. */
    private Instant counted() {
        return Instant.parse(view.cluster().getMetadata().getCreationTimestamp());
    }

    private boolean done(Instant due) {
        String ended = shown().lastVerificationTime();
        return view.observed()
                        .verification()
                        .filter(last -> !last.started().isBefore(due))
                        .isPresent()
                || (ended != null && !Instant.parse(ended).isBefore(due));
    }

    /** Whether the last test that succeeded is older than two intervals of the schedule. */
    boolean overdue(Instant succeeded) {
        return schedule(view)
                .filter(schedule -> schedule.overdue(succeeded, view.now()))
                .isPresent();
    }

    /** Whether the test before this one recovered all that was archived: they take turns. */
    boolean afterLatest() {
        return Verification.LATEST.equals(shown().lastVerificationTarget());
    }

    /** What the status says of backups. */
    BackupStatus shown() {
        PostgresClusterStatus status = view.cluster().getStatus();
        return Optional.ofNullable(status)
                .map(PostgresClusterStatus::backup)
                .orElseGet(() -> BackupStatus.builder().build());
    }

    /** Whether the end of the last test is in the status; before that nothing new begins, so that none is lost. */
    boolean recorded(Verification last) {
        return Objects.requireNonNullElse(shown().lastVerificationTime(), "").equals(VerifySection.time(last));
    }

    static Optional<BackupVerifySpec> spec(ClusterView view) {
        return Optional.ofNullable(view.spec().backup()).flatMap(backup -> Optional.ofNullable(backup.verify()));
    }

    private static Optional<BackupSchedule> schedule(ClusterView view) {
        return spec(view)
                .flatMap(verify -> BackupSchedule.of(
                                "backup.verify.schedule",
                                verify.schedule(),
                                Objects.requireNonNull(view.spec().backup()).timezoneOrDefault())
                        .toOptional());
    }
}
