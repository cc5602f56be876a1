package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Backups and continuous archiving. */
@ApiType
@ValidationRule(value = "has(self.encryption)", message = "backup encryption is required when backups are configured")
@ValidationRule(
        value = "!has(self.destination) || (has(self.schedule) && size(self.schedule) > 0)",
        message = "backup.schedule is required when backup.destination is configured")
public record BackupSpec(
        @JsonPropertyDescription(
                "Program that takes the backups; absent means the operator's default. Fixed once a backup exists.")
        @Nullable
        BackupEngine engine,

        @JsonPropertyDescription(
                "When base backups are taken: five cron fields or @hourly to @yearly; required with a destination.")
        @Size(max = 128)
        @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
        @Nullable
        String schedule,

        @JsonPropertyDescription("IANA time zone of the schedule.")
        @Default("UTC")
        @Pattern(Rules.TIME_ZONE)
        @Size(min = 1, max = 64)
        @Nullable
        String timezone,

        @JsonPropertyDescription("Which backups are kept; absent means all.") @Nullable
        RetentionSpec retention,

        @JsonPropertyDescription("Where backups go; absent means that no backups are taken.") @Nullable
        BackupDestinationSpec destination,

        @JsonPropertyDescription("How backups are encrypted; required.") @Nullable
        BackupEncryptionSpec encryption,

        @JsonPropertyDescription("How backups and WAL are compressed.") @Default("lz4") @Nullable
        Compression compression,

        @JsonPropertyDescription("Continuous archiving of the write-ahead log.") @Nullable
        WalArchivingSpec walArchiving,

        @JsonPropertyDescription("Take base backups from a streaming replica when there is one.")
        @Default("false")
        @Nullable
        Boolean backupFromReplica,

        @JsonPropertyDescription("Parallel uploads.") @Default("16") @Min(1) @Max(64) @Nullable
        Integer uploadConcurrency,

        @JsonPropertyDescription("Parallel downloads of a restore.") @Default("10") @Min(1) @Max(64) @Nullable
        Integer downloadConcurrency,

        @JsonPropertyDescription("Take delta backups between full backups.") @Default("false") @Nullable
        Boolean enableDeltaBackups,

        @JsonPropertyDescription("Maximum number of delta backups between two full backups.")
        @Default("3")
        @Min(1)
        @Max(10)
        @Nullable
        Integer deltaMaxSteps,

        @JsonPropertyDescription("Scheduled restore tests.") @Nullable
        BackupVerifySpec verify) {
    public String timezoneOrDefault() {
        return timezone != null ? timezone : "UTC";
    }

    public Compression compressionOrDefault() {
        return compression != null ? compression : Compression.LZ4;
    }

    public boolean backupFromReplicaOrDefault() {
        return backupFromReplica != null ? backupFromReplica : false;
    }

    public int uploadConcurrencyOrDefault() {
        return uploadConcurrency != null ? uploadConcurrency : 16;
    }

    public int downloadConcurrencyOrDefault() {
        return downloadConcurrency != null ? downloadConcurrency : 10;
    }

    public boolean enableDeltaBackupsOrDefault() {
        return enableDeltaBackups != null ? enableDeltaBackups : false;
    }

    public int deltaMaxStepsOrDefault() {
        return deltaMaxSteps != null ? deltaMaxSteps : 3;
    }

    public WalArchivingSpec walArchivingOrDefault() {
        return walArchiving != null ? walArchiving : new WalArchivingSpec(null, null);
    }
}
