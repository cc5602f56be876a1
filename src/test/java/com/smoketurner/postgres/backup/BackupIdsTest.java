package com.smoketurner.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackupIdsTest {
    private static final Instant DUE = Instant.parse("2026-11-29T02:00:00Z");

    @Test
    void theJobOfADueTimeNamesIt() {
        assertThat(BackupIds.scheduled(DUE, 1)).isEqualTo("scheduled-20261129T020000Z");
        assertThat(BackupIds.scheduled(DUE, 2)).isEqualTo("scheduled-20261129T020000Z-2");
        assertThat(BackupIds.dueTime(BackupIds.scheduled(DUE, 1))).contains(DUE);
        assertThat(BackupIds.dueTime(BackupIds.scheduled(DUE, 12))).contains(DUE);
        assertThat(BackupIds.dueTime("manual-1a2b3c4d")).isEmpty();
        assertThat(BackupIds.dueTime("scheduled-20261399T020000Z")).isEmpty();
    }

    @Test
    void attemptsAreCountedPerRequest() {
        String first = BackupIds.scheduled(DUE, 1);
        assertThat(BackupIds.attemptOf(first, first)).contains(1);
        assertThat(BackupIds.attemptOf(BackupIds.scheduled(DUE, 3), first)).contains(3);
        assertThat(BackupIds.attemptOf(BackupIds.scheduled(DUE.plusSeconds(60), 3), first))
                .isEmpty();
        assertThat(BackupIds.attemptOf(BackupIds.manual("a"), first)).isEmpty();
    }

    @Test
    void aRequestHasOneJobWhateverItsValueContains() {
        assertThat(BackupIds.manual("before the upgrade; rm -rf /")).matches("manual-[0-9a-f]{8}");
        assertThat(BackupIds.manual("a")).isEqualTo(BackupIds.manual("a")).isNotEqualTo(BackupIds.manual("b"));
        assertThat(BackupIds.isManual(BackupIds.manual("a"))).isTrue();
        assertThat(BackupIds.isManual(BackupIds.first("x", 1))).isFalse();
    }
}
