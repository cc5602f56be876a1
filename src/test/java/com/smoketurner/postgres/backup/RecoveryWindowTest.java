package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Listings.full;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RecoveryWindowTest {

    @Test
    void thereIsNoneWithoutABackup() {
        assertThat(RecoveryWindow.of(RepositoryListing.empty(), Listings.NOW)).isEmpty();
        assertThat(RecoveryWindow.of(Listings.of(Listings.delta("d", "2026-11-28T00:00:00Z", "gone")), null))
                .isEmpty();
    }

    @Test
    void itIsToldInWholeSecondsInsideOfIt() {
        var window = RecoveryWindow.of(
                        Listings.of(full("f", "2026-11-28T00:00:00.25Z")), Instant.parse("2026-11-29T00:00:00.75Z"))
                .orElseThrow();
        assertThat(window.text()).isEqualTo("from 2026-11-28T00:00:01Z to 2026-11-29T00:00:00Z");
        assertThat(new RecoveryWindow(Listings.NOW, null).text())
                .isEqualTo("from 2026-11-29T12:00:00Z to the end of the archive");
    }

    @Property
    void everyBackupEndsInsideOfIt(
            @ForAll("listings") RepositoryListing listing,
            @ForAll @LongRange(min = 0, max = 4_000_000_000L) long archived) {
        RecoveryWindow.of(listing, Instant.ofEpochSecond(archived))
                .ifPresent(window -> assertThat(listing.usable())
                        .allSatisfy(backup -> assertThat(backup.stopped()).isBetween(window.start(), window.end())));
    }

    @Provide
    Arbitrary<RepositoryListing> listings() {
        return Listings.arbitrary();
    }
}
