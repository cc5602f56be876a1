package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.patroni.SyncRecord;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RolloutStatesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Which of three members may lead, c-0 being the leader. */
    private static Map<String, Boolean> mayLead(String config, String standbys) {
        var record = new HashMap<>(Map.of("leader", "c-0", "sync_standby", standbys));
        var observed = Observed.members(
                        Members.member(0, true, true).build(),
                        Members.member(1, false, true).build(),
                        Members.member(2, false, true).build())
                .leader("c-0", NOW)
                .config(Optional.of(new EndpointsBuilder()
                        .withNewMetadata()
                        .withAnnotations(Map.of("config", config))
                        .endMetadata()
                        .build()))
                .sync(SyncRecord.of(record))
                .build();
        var run = Runs.of(Clusters.cluster("replicas: 3"), observed, NOW);
        var may = new TreeMap<String, Boolean>();
        RolloutStates.of(run).members().stream()
                .filter(member -> !member.primary())
                .forEach(member -> may.put(member.name(), member.mayLead()));
        return may;
    }

    @Test
    void withoutSynchronousReplicationAnyReplicaMayLead() {
        assertThat(mayLead("{}", "c-1")).containsValues(true, true).doesNotContainValue(false);
    }

    @Test
    void withSynchronousReplicationOnlyThoseOfTheRecordMay() {
        for (String mode : List.of("true", "\"on\"")) {
            String config = "{\"synchronous_mode\":%s}".formatted(mode);
            assertThat(mayLead(config, "c-2")).isEqualTo(Map.of("c-1", false, "c-2", true));
            assertThat(mayLead(config, "")).isEqualTo(Map.of("c-1", false, "c-2", false));
        }
    }

    @Test
    void withAQuorumAnyMayAndThoseOfTheRecordAreTaken() {
        String config = "{\"synchronous_mode\":\"quorum\"}";
        assertThat(mayLead(config, "c-1,c-2")).doesNotContainValue(false);
        assertThat(mayLead(config, "c-1")).isEqualTo(Map.of("c-1", true, "c-2", false));
        assertThat(mayLead(config, "")).doesNotContainValue(false);
    }
}
