package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The backups of a cluster as its user sees and requests them: {@code status.backup}, and an annotation. */
public record Backups(Cluster cluster) {

    /** A schedule that is not due while a test runs. */
    public static final String NEVER = "0 0 1 1 *";

    public JsonNode status() {
        return cluster.status().path("backup");
    }

    /** Waits until {@code status.backup} is so, and returns it. */
    public JsonNode await(String what, Predicate<JsonNode> holds) {
        return Waiting.until(what, Waiting.LONG, this::status, holds);
    }

    /** Requests a backup. */
    public void request(String trigger) {
        cluster.namespace()
                .kubectl("annotate", "pgc", cluster.name(), Project.GROUP + "/trigger-backup=" + trigger, "--overwrite")
                .orThrow();
    }

    /** Waits for the end of a requested backup: {@code completed} or {@code failed}. */
    public JsonNode awaitRequest(String trigger, String outcome) {
        return await("backup " + trigger + " is " + outcome, status -> ended(status, trigger, outcome));
    }

    /** Requests a backup and waits until it is completed. */
    public JsonNode take(String trigger) {
        request(trigger);
        return awaitRequest(trigger, "completed");
    }

    /** Whether a requested backup has ended so. */
    public static boolean ended(JsonNode status, String trigger, String outcome) {
        return status.path("lastManualBackupTrigger").asText().equals(trigger)
                && status.path("lastManualBackupStatus").asText().equals(outcome);
    }

    /** What pgBackRest answers in the primary, about the backups of a cluster of PostgreSQL 16. */
    public String pgbackrest(String command, String... arguments) {
        var line = new ArrayList<>(List.of(
                "pgbackrest",
                "--config=/etc/backup/pgbackrest.conf",
                "--repo1-path=/" + cluster.namespace().name() + "/" + cluster.name() + "/16",
                "--stanza=main",
                command));
        line.addAll(List.of(arguments));
        return cluster.exec(cluster.primary(), line.toArray(String[]::new)).orThrow();
    }

    /** Ends the present WAL file, and returns its name. */
    public String switchWal() {
        return cluster.sql(cluster.primary(), "SELECT pg_walfile_name(pg_switch_wal())");
    }

    /** Waits until a WAL file is archived. */
    public void awaitArchived(String segment) {
        await(
                segment + " is archived",
                status -> status.path("lastWalArchived").asText().compareTo(segment) >= 0);
    }
}
