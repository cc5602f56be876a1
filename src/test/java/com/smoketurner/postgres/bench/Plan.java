package com.smoketurner.postgres.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What one run of the scale benchmark does, from the system properties {@code scale.*} that {@code bench/scale} sets.
 *
 * @param clusters how many clusters there are
 * @param members of each cluster
 * @param secrets how many Secrets that concern nobody lie around
 * @param reactions how often one cluster is changed and the reaction timed
 * @param idle how long the operator is watched while nothing happens
 * @param backups how often all clusters are backed up, {@code hourly} or {@code daily}; empty for clusters without backups
 * @param rough whether a minute of a failing API server belongs to it
 * @param out the file for the figures, as JSON
 */
record Plan(
        int clusters, int members, int secrets, int reactions, Duration idle, String backups, boolean rough, Path out) {

    static Plan fromProperties() {
        return new Plan(
                Integer.getInteger("scale.clusters", 20),
                Integer.getInteger("scale.members", 3),
                Integer.getInteger("scale.secrets", 0),
                Integer.getInteger("scale.reactions", 20),
                Duration.ofSeconds(Integer.getInteger("scale.idle", 60)),
                System.getProperty("scale.backups", ""),
                Boolean.getBoolean("scale.rough"),
                Path.of(System.getProperty("scale.out", "target/scale.json")));
    }
}
