package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.postgres.PasswordSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppliedPasswordsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Passwords PASSWORDS = new Passwords("superuser", "replication");

    private static final FeatureRole NO_MONITORING = role(Optional.empty());

    private static FeatureRole monitoring(String password) {
        return role(Optional.of(password));
    }

    private static FeatureRole role(Optional<String> password) {
        return new FeatureRole("monitoring", "monitor", password, List.of("GRANT"), Optional.empty(), "ALTER");
    }

    @Test
    void theRoleThatReadsMetricsIsRememberedApartFromTheOthers() {
        var without = AppliedPasswords.first(PASSWORDS, new PasswordSource());
        assertThat(AppliedPasswords.matches(without, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.has(without, NO_MONITORING)).isTrue();
        assertThat(AppliedPasswords.has(without, monitoring("monitor"))).isFalse();

        var with = AppliedPasswords.next(without, PASSWORDS, List.of(monitoring("monitor")), new PasswordSource(), NOW);
        assertThat(AppliedPasswords.matches(with, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.has(with, monitoring("monitor"))).isTrue();
        assertThat(AppliedPasswords.has(with, monitoring("other"))).isFalse();
        assertThat(AppliedPasswords.has(with, NO_MONITORING)).isFalse();
    }

    @Test
    void onlyAChangeOfThePasswordsCounts() {
        var source = new PasswordSource();
        var first = AppliedPasswords.first(PASSWORDS, source);
        assertThat(first).containsEntry(InternalSecret.PASSWORDS_REVISION, "1");
        assertThat(first).doesNotContainKey(InternalSecret.PASSWORDS_CHANGED);
        var second = AppliedPasswords.next(first, new Passwords("other", "replication"), List.of(), source, NOW);
        assertThat(second)
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "2")
                .containsEntry(InternalSecret.PASSWORDS_CHANGED, "2026-03-01T12:00:00Z");
        assertThat(AppliedPasswords.next(
                        second,
                        new Passwords("other", "replication"),
                        List.of(monitoring("monitor")),
                        source,
                        NOW.plusSeconds(60)))
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "2")
                .containsEntry(InternalSecret.PASSWORDS_CHANGED, "2026-03-01T12:00:00Z");
        assertThat(AppliedPasswords.next(Map.of(), PASSWORDS, List.of(), source, NOW))
                .as("volumes of a former cluster")
                .containsEntry(InternalSecret.PASSWORDS_REVISION, "1");
    }

    @Test
    void withoutARecordNothingIsKnown() {
        assertThat(AppliedPasswords.matches(Map.of(), PASSWORDS)).isFalse();
        assertThat(AppliedPasswords.has(Map.of(), NO_MONITORING)).isTrue();
        assertThat(AppliedPasswords.has(Map.of(), monitoring("monitor"))).isFalse();
    }
}
