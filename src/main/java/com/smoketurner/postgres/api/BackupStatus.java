package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** State of the backups. */
@ApiType
public record BackupStatus(
        @JsonPropertyDescription("Whether a valid destination is configured.") @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Kind of the destination: S3, GCS or Azure.") @Nullable
        String destinationType,

        @JsonPropertyDescription("Prefix in the bucket that is in use.") @Nullable
        String path,

        @JsonPropertyDescription("When the newest successful base backup ended.") @Nullable
        String lastBackupTime,

        @JsonPropertyDescription("Name of the newest successful base backup.") @Nullable
        String lastBackupName,

        @JsonPropertyDescription("Compressed size of the newest successful base backup.") @Nullable
        Long lastBackupSizeBytes,

        @JsonPropertyDescription("When the oldest kept base backup ended.") @Nullable
        String oldestBackupTime,

        @JsonPropertyDescription("Number of kept base backups.") @Nullable
        Integer backupCount,

        @JsonPropertyDescription("The last archived WAL file.") @Nullable
        String lastWalArchived,

        @JsonPropertyDescription("When it was archived.") @Nullable
        String lastWalArchiveTime,

        @JsonPropertyDescription("Whether archiving works and keeps up.") @Nullable
        Boolean walArchivingHealthy,

        @JsonPropertyDescription("Earliest point in time a restore can reach.") @Nullable
        String recoveryWindowStart,

        @JsonPropertyDescription("Latest point in time a restore can reach.") @Nullable
        String recoveryWindowEnd,

        @JsonPropertyDescription("Due time of the last scheduled backup.") @Nullable
        String lastScheduleTime,

        @JsonPropertyDescription("Due time of the next scheduled backup.") @Nullable
        String nextScheduledTime,

        @JsonPropertyDescription("The backup being taken now.") @Nullable
        String currentBackup,

        @JsonPropertyDescription("The last value of the trigger annotation that was acted on.") @Nullable
        String lastManualBackupTrigger,

        @JsonPropertyDescription("State of the manual backup.") @Nullable
        ManualBackupStatus lastManualBackupStatus,

        @JsonPropertyDescription("When a restore test last succeeded.") @Nullable
        String lastVerifiedTime,

        @JsonPropertyDescription("The backup that test restored.") @Nullable
        String lastVerifiedBackup,

        @JsonPropertyDescription("Why the last restore test failed; removed by the next success.") @Nullable
        String verificationError,

        @JsonPropertyDescription("When the last restore test ended, whatever came of it.") @Nullable
        String lastVerificationTime,

        @JsonPropertyDescription("What it recovered to: latest for all that was archived, or a time.") @Nullable
        String lastVerificationTarget,

        @JsonPropertyDescription("The last value of the annotation verify-backup that was acted on.") @Nullable
        String lastVerificationTrigger,

        @JsonPropertyDescription(
                "Seconds that the last successful restore test took from the first byte to a server that accepts writes: the recovery time.")
        @Nullable
        Long lastVerifiedDuration,

        @JsonPropertyDescription(
                "Seconds between the end of the recovery window and the last transaction that the last successful restore test to the latest time recovered: the recovery point.")
        @Nullable
        Long measuredRpoSeconds,

        @JsonPropertyDescription("Why the last backup failed; removed by the next success.") @Nullable
        String lastError,

        @JsonPropertyDescription("When it failed.") @Nullable
        String lastErrorTime) {
    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.enabled = enabled;
        copy.destinationType = destinationType;
        copy.path = path;
        copy.lastBackupTime = lastBackupTime;
        copy.lastBackupName = lastBackupName;
        copy.lastBackupSizeBytes = lastBackupSizeBytes;
        copy.oldestBackupTime = oldestBackupTime;
        copy.backupCount = backupCount;
        copy.lastWalArchived = lastWalArchived;
        copy.lastWalArchiveTime = lastWalArchiveTime;
        copy.walArchivingHealthy = walArchivingHealthy;
        copy.recoveryWindowStart = recoveryWindowStart;
        copy.recoveryWindowEnd = recoveryWindowEnd;
        copy.lastScheduleTime = lastScheduleTime;
        copy.nextScheduledTime = nextScheduledTime;
        copy.currentBackup = currentBackup;
        copy.lastManualBackupTrigger = lastManualBackupTrigger;
        copy.lastManualBackupStatus = lastManualBackupStatus;
        copy.lastVerifiedTime = lastVerifiedTime;
        copy.lastVerifiedBackup = lastVerifiedBackup;
        copy.verificationError = verificationError;
        copy.lastVerificationTime = lastVerificationTime;
        copy.lastVerificationTarget = lastVerificationTarget;
        copy.lastVerificationTrigger = lastVerificationTrigger;
        copy.lastVerifiedDuration = lastVerifiedDuration;
        copy.measuredRpoSeconds = measuredRpoSeconds;
        copy.lastError = lastError;
        copy.lastErrorTime = lastErrorTime;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable Boolean enabled;
        private @Nullable String destinationType;
        private @Nullable String path;
        private @Nullable String lastBackupTime;
        private @Nullable String lastBackupName;
        private @Nullable Long lastBackupSizeBytes;
        private @Nullable String oldestBackupTime;
        private @Nullable Integer backupCount;
        private @Nullable String lastWalArchived;
        private @Nullable String lastWalArchiveTime;
        private @Nullable Boolean walArchivingHealthy;
        private @Nullable String recoveryWindowStart;
        private @Nullable String recoveryWindowEnd;
        private @Nullable String lastScheduleTime;
        private @Nullable String nextScheduledTime;
        private @Nullable String currentBackup;
        private @Nullable String lastManualBackupTrigger;
        private @Nullable ManualBackupStatus lastManualBackupStatus;
        private @Nullable String lastVerifiedTime;
        private @Nullable String lastVerifiedBackup;
        private @Nullable String verificationError;
        private @Nullable String lastVerificationTime;
        private @Nullable String lastVerificationTarget;
        private @Nullable String lastVerificationTrigger;
        private @Nullable Long lastVerifiedDuration;
        private @Nullable Long measuredRpoSeconds;
        private @Nullable String lastError;
        private @Nullable String lastErrorTime;

        private Builder() {}

        public Builder enabled(@Nullable Boolean value) {
            this.enabled = value;
            return this;
        }

        public Builder destinationType(@Nullable String value) {
            this.destinationType = value;
            return this;
        }

        public Builder path(@Nullable String value) {
            this.path = value;
            return this;
        }

        public Builder lastBackupTime(@Nullable String value) {
            this.lastBackupTime = value;
            return this;
        }

        public Builder lastBackupName(@Nullable String value) {
            this.lastBackupName = value;
            return this;
        }

        public Builder lastBackupSizeBytes(@Nullable Long value) {
            this.lastBackupSizeBytes = value;
            return this;
        }

        public Builder oldestBackupTime(@Nullable String value) {
            this.oldestBackupTime = value;
            return this;
        }

        public Builder backupCount(@Nullable Integer value) {
            this.backupCount = value;
            return this;
        }

        public Builder lastWalArchived(@Nullable String value) {
            this.lastWalArchived = value;
            return this;
        }

        public Builder lastWalArchiveTime(@Nullable String value) {
            this.lastWalArchiveTime = value;
            return this;
        }

        public Builder walArchivingHealthy(@Nullable Boolean value) {
            this.walArchivingHealthy = value;
            return this;
        }

        public Builder recoveryWindowStart(@Nullable String value) {
            this.recoveryWindowStart = value;
            return this;
        }

        public Builder recoveryWindowEnd(@Nullable String value) {
            this.recoveryWindowEnd = value;
            return this;
        }

        public Builder lastScheduleTime(@Nullable String value) {
            this.lastScheduleTime = value;
            return this;
        }

        public Builder nextScheduledTime(@Nullable String value) {
            this.nextScheduledTime = value;
            return this;
        }

        public Builder currentBackup(@Nullable String value) {
            this.currentBackup = value;
            return this;
        }

        public Builder lastManualBackupTrigger(@Nullable String value) {
            this.lastManualBackupTrigger = value;
            return this;
        }

        public Builder lastManualBackupStatus(@Nullable ManualBackupStatus value) {
            this.lastManualBackupStatus = value;
            return this;
        }

        public Builder lastVerifiedTime(@Nullable String value) {
            this.lastVerifiedTime = value;
            return this;
        }

        public Builder lastVerifiedBackup(@Nullable String value) {
            this.lastVerifiedBackup = value;
            return this;
        }

        public Builder verificationError(@Nullable String value) {
            this.verificationError = value;
            return this;
        }

        public Builder lastVerificationTime(@Nullable String value) {
            this.lastVerificationTime = value;
            return this;
        }

        public Builder lastVerificationTarget(@Nullable String value) {
            this.lastVerificationTarget = value;
            return this;
        }

        public Builder lastVerificationTrigger(@Nullable String value) {
            this.lastVerificationTrigger = value;
            return this;
        }

        public Builder lastVerifiedDuration(@Nullable Long value) {
            this.lastVerifiedDuration = value;
            return this;
        }

        public Builder measuredRpoSeconds(@Nullable Long value) {
            this.measuredRpoSeconds = value;
            return this;
        }

        public Builder lastError(@Nullable String value) {
            this.lastError = value;
            return this;
        }

        public Builder lastErrorTime(@Nullable String value) {
            this.lastErrorTime = value;
            return this;
        }

        public BackupStatus build() {
            return new BackupStatus(
                    enabled,
                    destinationType,
                    path,
                    lastBackupTime,
                    lastBackupName,
                    lastBackupSizeBytes,
                    oldestBackupTime,
                    backupCount,
                    lastWalArchived,
                    lastWalArchiveTime,
                    walArchivingHealthy,
                    recoveryWindowStart,
                    recoveryWindowEnd,
                    lastScheduleTime,
                    nextScheduledTime,
                    currentBackup,
                    lastManualBackupTrigger,
                    lastManualBackupStatus,
                    lastVerifiedTime,
                    lastVerifiedBackup,
                    verificationError,
                    lastVerificationTime,
                    lastVerificationTarget,
                    lastVerificationTrigger,
                    lastVerifiedDuration,
                    measuredRpoSeconds,
                    lastError,
                    lastErrorTime);
        }
    }
}
