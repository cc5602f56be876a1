package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReconnectsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(3600);

    @Test
    void onceForEachLeadership() {
        assertThat(Reconnects.due(NOW, LONG_AGO, NOW)).isTrue();
        assertThat(Reconnects.due(NOW, NOW, NOW)).isFalse();
    }

    @Test
    void anOperatorThatStartsLooksAtRecentOnesOnly() {
        assertThat(Reconnects.due(NOW.minusSeconds(60), null, NOW)).isTrue();
        assertThat(Reconnects.due(LONG_AGO, null, NOW)).isFalse();
    }
}
