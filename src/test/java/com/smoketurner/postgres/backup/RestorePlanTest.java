package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repository.minute;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreTargetSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestorePlanTest {
    private static final Instant NOW = minute(60);

    private static RestoreTargetSpec target(
            @Nullable String time, @Nullable String backup, @Nullable Boolean immediate, @Nullable Integer timeline) {
        return new RestoreTargetSpec(time, backup, immediate, timeline, null, null, null, null);
    }

    private static RestoreTargetSpec at(Instant time) {
        return target(time.toString(), null, null, null);
    }

    private static RestorePlan plan(Repository repository, RestoreTargetSpec target) {
        return RestorePlan.of(repository.listing(), target, 16, "s3://b/p", NOW)
                        instanceof Checked.Accepted<RestorePlan>(RestorePlan plan)
                ? plan
                : new RestorePlan("refused", 0, "", null, false);
    }

    private static Checked.Refused<RestorePlan> refusal(Repository repository, RestoreTargetSpec target, int major) {
        return (Checked.Refused<RestorePlan>) RestorePlan.of(repository.listing(), target, major, "s3://b/p", NOW);
    }

    private static Repository three() {
        return new Repository().full("F0", 0, 1).delta("F0_D10", "F0", 10, 1).full("F20", 20, 1);
    }

    @Test
    void withoutATargetTheNewestBackupIsRecoveredToTheEnd() {
        assertThat(plan(three(), target(null, null, null, null)))
                .isEqualTo(new RestorePlan("F20", 1, "latest", null, true));
    }

    @Test
    void aTimeIsReachedFromTheNewestBackupThatEndedBefore() {
        assertThat(plan(three(), at(minute(15))).backup()).isEqualTo("F0_D10");
        assertThat(plan(three(), at(minute(20))).backup()).isEqualTo("F20");
        // While F20 was being taken.
        assertThat(plan(three(), at(minute(20).minusSeconds(1))).backup()).isEqualTo("F0_D10");
        assertThat(plan(three(), at(minute(15))))
                .extracting(RestorePlan::kind, RestorePlan::value)
                .containsExactly("time", minute(15).toString());
    }

    @Test
    void aTimeOutsideOfTheWindowIsRefusedWithTheWindow() {
        assertThat(refusal(three(), at(minute(-1)), 16))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.RESTORE_TARGET_UNREACHABLE))
                .satisfies(refused ->
                        assertThat(refused.message()).contains(minute(0).toString()));
        assertThat(refusal(three(), at(NOW.plusSeconds(1)), 16).message()).contains("future");
    }

    @Test
    void aBackupIsTakenByItsName() {
        assertThat(plan(three(), target(null, "F0_D10", true, null)))
                .isEqualTo(new RestorePlan("F0_D10", 1, "immediate", null, true));
        assertThat(plan(three(), target(null, "LATEST", null, null)).backup()).isEqualTo("F20");
        assertThat(refusal(three(), target(null, "F99", null, null), 16))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.RESTORE_BACKUP_NOT_FOUND))
                .satisfies(refused -> assertThat(refused.message()).contains("F20, F0_D10, F0"));
    }

    @Test
    void anEmptySourceAndAnotherMajorAreNamed() {
        assertThat(refusal(new Repository(), at(minute(5)), 16))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.RESTORE_SOURCE_NOT_FOUND))
                .satisfies(refused -> assertThat(refused.message()).contains("s3://b/p"));
        assertThat(refusal(three(), at(minute(5)), 17))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.RESTORE_VERSION_MISMATCH))
                .satisfies(refused -> assertThat(refused.message()).contains("16", "17"));
    }

    @Test
    void recoveryFollowsTheTimelineOfTheLastPromotion() {
        Repository promoted = three().promoted(2, 1, 30).promoted(3, 2, 40);
        assertThat(plan(promoted, target(null, null, null, null)).timeline()).isEqualTo(3);
        assertThat(plan(promoted, target(null, null, null, 2)).timeline()).isEqualTo(2);
    }

    /** The cluster was restored to minute 25 in minute 50: what was committed in between is on timeline 2 only. */
    @Test
    void aTimeIsLookedForOnTheBranchThatWasAliveThen() {
        Repository restored = three().promoted(2, 1, 30);
        RepositoryListing listing = restored.listing();
        assertThat(listing.knownTimelines()).contains(1, 2);
        Repository twice = three().promoted(2, 1, 30).promoted(3, 1, 50);
        assertThat(plan(twice, at(minute(33))).timeline()).isEqualTo(2);
        assertThat(plan(twice, at(minute(55))).timeline()).isEqualTo(3);
        assertThat(plan(twice, at(minute(29))).timeline())
                .as("all that is on 1")
                .isEqualTo(3);
    }

    @Test
    void aTimeOrPositionBehindTheArchiveIsRefusedBeforeAnythingIsFetched() {
        Repository promoted = three().promoted(2, 1, 30);
        assertThat(refusal(promoted, at(minute(40)), 16).message())
                .isEqualTo(
                        "the last WAL was archived at %s, before restore.target.time %s; a restore can reach each time"
                                + " from %s to %s",
                        minute(35), minute(40), minute(0), minute(35));
        var position = new RestoreTargetSpec(null, null, null, null, null, "1/0", null, null);
        assertThat(refusal(promoted, position, 16).message())
                .startsWith("the archive ends at WAL position 0/1F000000, before restore.target.lsn 1/0; ");
    }

    @Test
    void whereNobodyKnowsTheTargetTheOldestBackupIsSureToBeBeforeIt() {
        var xid = new RestoreTargetSpec(null, null, null, null, "731", null, null, false);
        assertThat(plan(three(), xid)).isEqualTo(new RestorePlan("F0", 1, "xid", "731", false));
        var point = new RestoreTargetSpec(null, "F20", null, null, null, null, "before-upgrade", null);
        assertThat(plan(three(), point)).isEqualTo(new RestorePlan("F20", 1, "name", "before-upgrade", true));
    }

    @Test
    void aNamedBackupHasToEndBeforeTheTarget() {
        assertThat(refusal(three(), target(minute(15).toString(), "F20", null, null), 16)
                        .message())
                .startsWith(
                        "the backup F20 ended at %s (WAL position 0/15000100), after the target".formatted(minute(20)));
    }

    @Test
    void thePlanIsOneLineOfJson() {
        assertThat(plan(three(), at(minute(15))).json("1a2b", 30, "shop/orders"))
                .isEqualTo(
                        "{\"identity\":\"1a2b\",\"backup\":\"F0_D10\",\"timeline\":1,\"restoreTimeout\":30,"
                                + "\"path\":\"shop/orders\","
                                + "\"target\":{\"kind\":\"time\",\"value\":\"2026-11-29 10:15:00.000000+00\",\"inclusive\":true}}");
    }

    @Test
    void aTimelineThatTheBackupIsNotOnIsRefused() {
        Repository branched =
                new Repository().full("F0", 0, 1).promoted(2, 1, 10).full("F20", 20, 2);
        assertThat(plan(branched, target(null, null, null, 1)).backup()).isEqualTo("F0");
        assertThat(refusal(branched, target(null, "F20", null, 1), 16).message())
                .contains("timeline 1");
    }
}
