package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.Passwords;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppliedPasswordsTest {
    private static final Passwords PASSWORDS = new Passwords("superuser", "replication");

    @Test
    void theRoleThatReadsMetricsIsRememberedApartFromTheOthers() {
        var without = AppliedPasswords.record(PASSWORDS, Optional.empty(), new PasswordSource());
        assertThat(AppliedPasswords.matches(without, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.monitors(without, Optional.empty())).isTrue();
        assertThat(AppliedPasswords.monitors(without, Optional.of("monitor"))).isFalse();

        var with = AppliedPasswords.record(PASSWORDS, Optional.of("monitor"), new PasswordSource());
        assertThat(AppliedPasswords.matches(with, PASSWORDS)).isTrue();
        assertThat(AppliedPasswords.monitors(with, Optional.of("monitor"))).isTrue();
        assertThat(AppliedPasswords.monitors(with, Optional.of("other"))).isFalse();
        assertThat(AppliedPasswords.monitors(with, Optional.empty())).isFalse();
    }

    @Test
    void withoutARecordNothingIsKnown() {
        assertThat(AppliedPasswords.matches(Map.of(), PASSWORDS)).isFalse();
        assertThat(AppliedPasswords.monitors(Map.of(), Optional.empty())).isTrue();
        assertThat(AppliedPasswords.monitors(Map.of(), Optional.of("monitor"))).isFalse();
    }
}
