package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppliedPasswordsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Passwords PASSWORDS = new Passwords("superuser", "replication");

    @Test
    void theRoleThatReadsMetricsIsRememberedApartFromTheOthers() {
        var without = AppliedPasswords.first(PASSWORDS, new PasswordSource());
        assertThat(AppliedPasswords.matches(without, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.monitors(without, Optional.empty())).isTrue();
        assertThat(AppliedPasswords.monitors(without, Optional.of("monitor"))).isFalse();

        var with = AppliedPasswords.next(without, PASSWORDS, Optional.of("monitor"), new PasswordSource(), NOW);
        assertThat(AppliedPasswords.matches(with, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.monitors(with, Optional.of("monitor"))).isTrue();
        assertThat(AppliedPasswords.monitors(with, Optional.of("other"))).isFalse();
        assertThat(AppliedPasswords.monitors(with, Optional.empty())).isFalse();
    }

    @Test
    void onlyAChangeOfThePasswordsCounts() {
        var source = new PasswordSource();
        var first = AppliedPasswords.first(PASSWORDS, source);
        assertThat(first).containsEntry(InternalSecret.PASSWORDS_REVISION, "1");
        assertThat(first).doesNotContainKey(InternalSecret.PASSWORDS_CHANGED);
        var second = AppliedPasswords.next(first, new Passwords("other", "replication"), Optional.empty(), source, NOW);
        assertThat(second)
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "2")
                .containsEntry(InternalSecret.PASSWORDS_CHANGED, "2026-03-01T12:00:00Z");
        assertThat(AppliedPasswords.next(
                        second,
                        new Passwords("other", "replication"),
                        Optional.of("monitor"),
                        source,
                        NOW.plusSeconds(60)))
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "2")
                .containsEntry(InternalSecret.PASSWORDS_CHANGED, "2026-03-01T12:00:00Z");
        assertThat(AppliedPasswords.next(Map.of(), PASSWORDS, Optional.empty(), source, NOW))
                .as("volumes of a former cluster")
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "1");
    }

    @Test
    void withoutARecordNothingIsKnown() {
        assertThat(AppliedPasswords.matches(Map.of(), PASSWORDS)).isFalse();
        assertThat(AppliedPasswords.monitors(Map.of(), Optional.empty())).isTrue();
        assertThat(AppliedPasswords.monitors(Map.of(), Optional.of("monitor"))).isFalse();
    }
}
