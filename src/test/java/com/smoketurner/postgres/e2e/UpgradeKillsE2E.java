package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import com.smoketurner.postgres.testing.user.Upgrades;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever ends in the middle of an upgrade: afterwards one version serves, with every row that was acknowledged. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the operator is killed")
@Tag("soak")
class UpgradeKillsE2E {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Namespace ns;
    private int number;

    UpgradeKillsE2E(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void prepare() {
        ObjectStore.prepare(ns);
    }

    /** With so many tables that the conversion takes some seconds. */
    private Cluster cluster() {
        Cluster cluster = ns.apply(Manifest.cluster("killed-" + ++number)
                .with("15", "spec", "version")
                .replicas(2)
                .spec("backup", ObjectStore.backup(Backups.NEVER)));
        cluster.awaitPhase("Running");
        new Upgrades(cluster).createTables(600);
        return cluster;
    }

    private void strike(String what, Cluster cluster, String member) {
        if (what.equals("operator")) {
            new Operator(ns.lab(), ns.client()).kill();
            return;
        }
        var pod = cluster.pods().stream()
                .filter(candidate -> candidate.getMetadata().getName().equals(member))
                .findFirst()
                .orElseThrow();
        (what.equals("pod") ? Disruption.POD_FORCE_DELETED : Disruption.CONTAINER_KILLED).strike(cluster, pod);
    }

    @ParameterizedTest
    @CsvSource({
        "Checking, operator",
        "Checking, container",
        "Stopping, operator",
        "Stopping, pod",
        "Converting, operator",
        "Converting, container",
        "Converting, pod",
        "Opening, operator",
        "Opening, container",
        "ReplacingReplicas, operator",
        "ReplacingReplicas, container",
        "ReplacingReplicas, pod"
    })
    void oneVersionServesAllRows(String at, String what) {
        Cluster cluster = cluster();
        var upgrades = new Upgrades(cluster);
        String member = cluster.primary();
        try (var writer = Writer.several(cluster, member, false)) {
            upgrades.request("18");
            String reached = Waiting.until(
                    "the upgrade is " + at, LIMIT, upgrades::state, state -> state.equals(at) || Upgrades.over(state));
            assertThat(reached).isEqualTo(at);
            strike(what, cluster, member);
            System.out.println("%s killed at %s".formatted(what, at));
            String end = upgrades.awaitEnd(LIMIT).path("state").asText();
            if (end.equals("Failed")) {
                upgrades.request("15");
            }
            Failover.awaitStreaming(cluster, 1);
            cluster.awaitPhase("Running");
            var history = writer.stop();
            String primary = cluster.primary();
            history.judge(writer.stored(primary)).orThrow();
            String running = cluster.status().path("currentVersion").asText();
            assertThat(running).isEqualTo(end.equals("Failed") ? "15" : "18");
            cluster.pods()
                    .forEach(pod -> assertThat(cluster.sql(pod.getMetadata().getName(), "SHOW server_version_num"))
                            .startsWith(running));
            assertThat(upgrades.tables()).isEqualTo("600");
        } finally {
            ns.kubectl("delete", "pgc", cluster.name(), "--wait=false");
        }
    }
}
