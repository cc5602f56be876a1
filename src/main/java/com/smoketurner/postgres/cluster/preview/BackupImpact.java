package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.api.PostgresClusterSpec;
import java.util.Map;

/** What the change of a field below {@code spec.backup} does. None of them changes a pod: the members read their settings at each call. */
final class BackupImpact {

    private static final String OTHER_PLACE =
            "WAL goes to the new place from now on, and a full backup with the next due time; the former place keeps what it has";

    private static final String OTHER_KEY =
            "with another key, WAL and a full backup go to a new path at once; former backups need the former key";

    private static final String STORE = "the members reach the store with the new settings; no pod changes";

    private static final String NEXT = "takes effect with the next backup";

    private static final Map<String, FieldImpact> RULES = Map.ofEntries(
            nothing("backup.engine", "the other program takes the first backup; there can be none before"),
            nothing("backup.schedule", "only the next due time changes"),
            nothing("backup.timezone", "only the next due time changes"),
            nothing("backup.retention.count", "backups that no rule keeps any longer are deleted"),
            nothing("backup.retention.maxAge", "backups that no rule keeps any longer are deleted"),
            nothing("backup.destination.type", OTHER_PLACE),
            nothing("backup.destination.bucket", OTHER_PLACE),
            nothing("backup.destination.container", OTHER_PLACE),
            nothing("backup.destination.storageAccount", OTHER_PLACE),
            nothing("backup.destination.endpoint", OTHER_PLACE),
            nothing("backup.destination.path", OTHER_PLACE),
            nothing("backup.destination.region", STORE),
            nothing("backup.destination.forcePathStyle", STORE),
            nothing("backup.destination.credentialsSecret", STORE),
            nothing("backup.destination.workloadIdentity", STORE),
            nothing("backup.destination.caSecret", STORE),
            nothing("backup.encryption.method", OTHER_KEY),
            nothing("backup.encryption.keySecret", OTHER_KEY),
            nothing("backup.compression", "takes effect with the next backup and WAL file"),
            reload(
                    "backup.walArchiving.enabled",
                    "PostgreSQL reloads archive_command; a restore reaches no time at which nothing was archived"),
            nothing("backup.walArchiving.restoreTimeout", "takes effect with the next restore"),
            nothing("backup.backupFromReplica", "takes effect with the next backup; no pod changes"),
            nothing("backup.uploadConcurrency", NEXT),
            nothing("backup.downloadConcurrency", "takes effect with the next restore"),
            nothing("backup.enableDeltaBackups", NEXT),
            nothing("backup.deltaMaxSteps", NEXT),
            nothing("backup.verify.databaseChecks", "takes effect with the next restore test"),
            nothing("backup.verify.schedule", "takes effect with the next restore test"),
            nothing("backup.verify.timeout", "takes effect with the next restore test"));

    private static final FieldImpact BEGINS =
            new FieldImpact(Impact.RELOAD, "PostgreSQL reloads archive_command: WAL archiving and backups begin");

    private static final FieldImpact ENDS = new FieldImpact(
            Impact.RELOAD, "PostgreSQL reloads archive_command: WAL archiving and backups end; what is stored stays");

    private BackupImpact() {}

    static boolean knows(String field) {
        return RULES.containsKey(flat(field));
    }

    /**
     * The impact of one field.
     *
     * @param field its path in the spec, with dots
     */
    static FieldImpact of(String field, PostgresClusterSpec live, PostgresClusterSpec next) {
        if (live.backupConfigured() != next.backupConfigured()) {
            return next.backupConfigured() ? BEGINS : ENDS;
        }
        return RULES.getOrDefault(flat(field), new FieldImpact(Impact.NOTHING, NEXT));
    }

    /** A destination of S3 has two forms. */
    private static String flat(String field) {
        return field.replaceFirst("^backup\\.destination\\.S3\\.", "backup.destination.");
    }

    private static Map.Entry<String, FieldImpact> nothing(String field, String text) {
        return Map.entry(field, new FieldImpact(Impact.NOTHING, text));
    }

    private static Map.Entry<String, FieldImpact> reload(String field, String text) {
        return Map.entry(field, new FieldImpact(Impact.RELOAD, text));
    }
}
