package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Waiting;
import java.time.Duration;
import java.util.Set;

/** The change of a cluster to another major version, as its user sees it. */
public record Upgrades(Cluster cluster) {

    private static final Set<String> OVER = Set.of("Completed", "Failed");

    public void request(String version) {
        cluster.patch("{\"spec\":{\"version\":\"%s\"}}".formatted(version));
    }

    /** {@code status.versionUpgrade}, or a missing node. */
    public JsonNode shown() {
        return cluster.status().path("versionUpgrade");
    }

    public String state() {
        return shown().path("state").asText();
    }

    public static boolean over(String state) {
        return OVER.contains(state);
    }

    /** Waits until it is completed or has failed, and returns what is shown then. */
    public JsonNode awaitEnd(Duration limit) {
        JsonNode end = Waiting.until(
                "the upgrade is over",
                limit,
                this::shown,
                upgrade -> over(upgrade.path("state").asText()));
        System.out.println("the upgrade of " + cluster.name() + ": " + end);
        return end;
    }

    /** Tables of no rows, which make a conversion take longer. */
    public void createTables(int count) {
        cluster.sql(
                cluster.primary(),
                "DO $$ BEGIN FOR i IN 1..%d LOOP EXECUTE format('CREATE TABLE t%%s (id int PRIMARY KEY, v text)', i); END LOOP; END $$"
                        .formatted(count));
    }

    /** How many of those there are. */
    public String tables() {
        return cluster.sql(cluster.primary(), "SELECT count(*) FROM pg_tables WHERE tablename ~ '^t\\d+$'");
    }
}
