package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.PatroniViews;
import com.smoketurner.postgres.cluster.desired.PodInputs;
import com.smoketurner.postgres.postgres.Parameters;
import com.smoketurner.postgres.testing.values.Clusters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class DynamicConfigTest {
    @Test
    void whatTheTemplateBootstrapsNeedsNoChange() throws Exception {
        var view = view("postgresqlParams: {work_mem: 64MB}", "replication: {mode: sync}");
        Map<String, Map<String, Object>> file = new Yaml().load(PatroniTemplates.config(view));
        var bootstrap = Objects.requireNonNull(file.get("bootstrap"));
        var config = new DynamicConfig(Json.MAPPER.writeValueAsString(bootstrap.get("dcs")));

        assertThat(config.with(view, List.of())).isSameAs(config);
    }

    @Test
    void onlyTheOperatorsPartIsChanged() {
        var config = new DynamicConfig("""
                {"ttl":30,"loop_wait":5,"retry_timeout":5,"pause":true,"postgresql":{"use_slots":true,
                "parameters":{"max_connections":100,"work_mem":"1MB","theirs":"x"}}}
                """);

        var changed = config.with(view("postgresqlParams: {max_connections: '100'}"), List.of("work_mem"));

        assertThat(changed.ttl()).isEqualTo(20);
        assertThat(changed.paused()).isTrue();
        assertThat(changed.json()).contains("\"use_slots\":true", "\"max_connections\":100");
        assertThat(changed.parameters())
                .containsEntry("theirs", "x")
                .containsEntry("wal_level", "logical")
                .doesNotContainKey("work_mem");
        assertThat(changed.with(view("postgresqlParams: {max_connections: '100'}"), List.of("work_mem")))
                .isSameAs(changed);
    }

    @Test
    void logicalSlotsAreTheApplicationsUnlessAPersonSaysOtherwise() {
        var config = new DynamicConfig("{}").with(view(), List.of());
        assertThat(config.json()).contains("\"ignore_slots\":[{\"type\":\"logical\"}]");
        assertThat(config.with(view(), List.of())).isSameAs(config);

        for (var theirs : List.of("[]", "[{\"name\":\"standby_elsewhere\",\"type\":\"physical\"}]")) {
            var edited = new DynamicConfig(config.json().replace("[{\"type\":\"logical\"}]", theirs));
            assertThat(edited.with(view(), List.of())).isSameAs(edited);
        }
        assertThat(new DynamicConfig("{\"ignore_slots\":null}")
                        .tuned(view(), List.of())
                        .json())
                .contains("\"ignore_slots\":[{\"type\":\"logical\"}]");
    }

    @Test
    void synchronousReplicationGoesWithTheSpec() {
        var config = new DynamicConfig("{}").with(view("replication: {mode: quorum, minSync: 2}"), List.of());

        assertThat(config.synchronousMode()).isEqualTo("quorum");
        assertThat(config.json()).contains("\"synchronous_node_count\":2");
        assertThat(config.with(view(), List.of()).synchronousMode()).isNull();
    }

    @Test
    void membersReadTheArchiveWhileThereIsOne() {
        var archived = view("backup: {enabled: true, destination: {type: S3, bucket: b}, encryption: {keySecret: k}}");
        var config = new DynamicConfig("{}").with(archived, List.of());

        assertThat(config.parameters()).containsEntry(Parameters.RESTORE_COMMAND, Parameters.RESTORE_WAL);
        assertThat(config.with(archived, List.of())).isSameAs(config);
        assertThat(config.with(view(), List.of()).parameters()).doesNotContainKey(Parameters.RESTORE_COMMAND);
    }

    private static PatroniView view(String... spec) {
        return PatroniViews.of(Clusters.cluster(spec), PodInputs.none());
    }

    @Test
    void anAutoscalerMayAddMoreReplicasThanTheDefaultsHaveRoomFor() {
        assertThat(view("scaling: {enabled: true}").parameters()).containsEntry("max_wal_senders", "10");
        assertThat(view("scaling: {enabled: true, maxReplicas: 15}").parameters())
                .containsEntry("max_wal_senders", "64")
                .containsEntry("max_replication_slots", "64");
        assertThat(view("scaling: {enabled: true, maxReplicas: 15}\npostgresqlParams: {MAX_WAL_SENDERS: '20'}")
                        .parameters())
                .containsEntry("max_wal_senders", "20")
                .containsEntry("max_replication_slots", "64");
        assertThat(view("scaling: {maxReplicas: 15}").parameters()).containsEntry("max_wal_senders", "10");
    }
}
