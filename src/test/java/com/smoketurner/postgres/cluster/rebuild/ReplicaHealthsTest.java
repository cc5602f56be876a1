package com.smoketurner.postgres.cluster.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaHealthsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:05:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"state\":\"running\",\"role\":\"replica\",\"xlog_location\":7}"
                        + "# password authentication failed for user \"standby\""
                        + "# c-1 has received no WAL from the primary since 2026-03-01T12:00:00Z"
                        + " (password authentication failed for user \"standby\")",
                "{\"state\":\"running\",\"role\":\"replica\"}"
                        + "# sorry, too many clients already"
                        + "# the server of c-1 has had no free connection for Patroni since 2026-03-01T12:00:00Z"
                        + " (sorry, too many clients already); end sessions of applications on it, or raise"
                        + " max_connections (superusers also take the connections that"
                        + " superuser_reserved_connections reserves)",
                "{\"state\":\"running\",\"role\":\"replica\"}"
                        + "# the database system is starting up"
                        + "# the server of c-1 has not started since 2026-03-01T12:00:00Z"
                        + " (the database system is starting up)",
            })
    void theServerIsQuoted(String status, String cause, String text) {
        var annotations = Map.of("status", status, Annotations.BROKEN_SINCE, "2026-03-01T12:00:00Z 500 " + cause);
        var replica = Members.member(1, false, false).annotated(annotations).build();
        var members = List.of(Members.member(0, true, true).build(), replica);
        assertThat(ReplicaHealths.broken(Runs.of(Clusters.cluster(), NOW, "c-0", members)))
                .containsExactly(text);
    }
}
