package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenSinceTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void itIsReadAsItIsWritten() {
        for (BrokenSince since : new BrokenSince[] {
            new BrokenSince(AT, 500L, "sorry, too many clients already"),
            new BrokenSince(AT, null, "sorry, too many clients already"),
            new BrokenSince(AT, 500L, null),
            new BrokenSince(AT, null, null)
        }) {
            assertThat(BrokenSince.parse(since.text())).contains(since);
        }
    }

    @Test
    void asFormerReleasesWroteItToo() {
        assertThat(BrokenSince.parse("2026-03-01T12:00:00Z")).contains(new BrokenSince(AT, null, null));
        assertThat(BrokenSince.parse("2026-03-01T12:00:00Z 500")).contains(new BrokenSince(AT, 500L, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-03-01T12:00:00Z many"})
    void anythingElseIsNoNote(String text) {
        assertThat(BrokenSince.parse(text)).isEmpty();
        assertThat(BrokenSince.parse(null)).isEmpty();
    }
}
