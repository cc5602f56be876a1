package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Resources;

/** What the guide of the contract says about backups, word for word: {@code guide/*.yaml}. */
public final class Guide {

    /** Secrets that it names for the destination and for the source. */
    public static final String DESTINATION_CREDENTIALS = "aws-creds";

    public static final String SOURCE_CREDENTIALS = "aws-backup-credentials";

    private Guide() {}

    /** Its {@code spec.backup}: encrypted, every night. */
    public static JsonNode backup() {
        return Json.yaml(Resources.text("/guide/backup.yaml")).at("/spec/backup");
    }

    /** Its cluster of three members that is restored to a time. */
    public static Manifest restoreToATime() {
        return Manifest.of(Resources.text("/guide/restore-to-a-time.yaml"));
    }

    /** Its {@code spec.restore} of one backup. */
    public static JsonNode restoreABackup() {
        return Json.yaml(Resources.text("/guide/restore-a-backup.yaml")).at("/spec/restore");
    }
}
