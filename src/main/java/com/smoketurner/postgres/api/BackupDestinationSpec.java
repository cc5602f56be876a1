package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where backups go. */
@ApiType
@ValidationRule(
        value = "has(self.type) || has(self.S3)",
        message = "backup.destination.type is required: one of S3, GCS, Azure")
@ValidationRule(
        value =
                "!has(self.S3) || !((has(self.type) && self.type != 'S3') || has(self.bucket) || has(self.container) || has(self.storageAccount) || has(self.region) || has(self.endpoint) || has(self.credentialsSecret) || has(self.caSecret) || has(self.path) || (has(self.forcePathStyle) && self.forcePathStyle) || (has(self.workloadIdentity) && self.workloadIdentity))",
        message = "backup.destination.S3 and the flat fields of backup.destination are mutually exclusive")
@ValidationRule(
        value =
                "!(has(self.S3) || (has(self.type) && self.type == 'S3')) || (has(self.S3) ? has(self.S3.bucket) && has(self.S3.region) && ((has(self.S3.workloadIdentity) && self.S3.workloadIdentity) || has(self.S3.credentialsSecret)) : has(self.bucket) && has(self.region) && ((has(self.workloadIdentity) && self.workloadIdentity) || has(self.credentialsSecret)))",
        message = "S3 destination requires bucket, region and credentialsSecret")
@ValidationRule(
        value =
                "!(has(self.type) && self.type == 'GCS') || (has(self.bucket) && ((has(self.workloadIdentity) && self.workloadIdentity) || has(self.credentialsSecret)))",
        message = "GCS destination requires bucket and credentialsSecret")
@ValidationRule(
        value =
                "!(has(self.type) && self.type == 'Azure') || ((has(self.container) || has(self.bucket)) && has(self.storageAccount) && ((has(self.workloadIdentity) && self.workloadIdentity) || has(self.credentialsSecret)))",
        message = "Azure destination requires container, storageAccount and credentialsSecret")
public record BackupDestinationSpec(
        @JsonPropertyDescription("Kind of object store.") @Nullable
        DestinationType type,

        @JsonPropertyDescription("Bucket of the backups (S3, GCS).") @Size(min = 1, max = 253) @Nullable
        String bucket,

        @JsonPropertyDescription("Container of the backups (Azure).") @Size(min = 1, max = 253) @Nullable
        String container,

        @JsonPropertyDescription("Storage account of the container (Azure).") @Size(min = 1, max = 253) @Nullable
        String storageAccount,

        @JsonPropertyDescription("Region of the bucket (S3).") @Size(min = 1, max = 63) @Nullable
        String region,

        @JsonPropertyDescription("URL of an S3-compatible store; absent means that of the provider.")
        @Pattern(Rules.ENDPOINT)
        @Size(max = 512)
        @Nullable
        String endpoint,

        @JsonPropertyDescription("Address the bucket by path instead of host name (S3-compatible stores).")
        @Default("false")
        @Nullable
        Boolean forcePathStyle,

        @JsonPropertyDescription(
                "Secret with the credentials of the store, in the cluster's namespace; not needed with workloadIdentity.")
        @Size(min = 1, max = 253)
        @Nullable
        String credentialsSecret,

        @JsonPropertyDescription("Use the identity of the ServiceAccount instead of a Secret.")
        @Default("false")
        @Nullable
        Boolean workloadIdentity,

        @JsonPropertyDescription(
                "Secret with the certificate of the authority that signed the store's own certificate, in key ca.crt; absent means the authorities that the image trusts.")
        @Size(min = 1, max = 253)
        @Nullable
        String caSecret,

        @JsonPropertyDescription("Prefix in the bucket or container; absent means <namespace>/<cluster>.")
        @Size(min = 1, max = 512)
        @ValidationRule(value = Rules.BUCKET_PATH, message = Rules.BUCKET_PATH_MESSAGE)
        @Nullable
        String path,

        @JsonPropertyDescription("Nested form of an S3 destination, in place of the flat fields.")
        @JsonProperty("S3")
        @Nullable
        S3DestinationSpec s3) {
    public boolean forcePathStyleOrDefault() {
        return forcePathStyle != null ? forcePathStyle : false;
    }

    public boolean workloadIdentityOrDefault() {
        return workloadIdentity != null ? workloadIdentity : false;
    }

    /** The same destination by its flat fields alone, with the type and, for Azure, the container set. */
    public BackupDestinationSpec flat() {
        if (s3 != null) {
            return new BackupDestinationSpec(
                    DestinationType.S3,
                    s3.bucket(),
                    null,
                    null,
                    s3.region(),
                    s3.endpoint(),
                    s3.forcePathStyle(),
                    s3.credentialsSecret(),
                    s3.workloadIdentity(),
                    s3.caSecret(),
                    s3.path(),
                    null);
        }
        if (type == DestinationType.AZURE && container == null) {
            return new BackupDestinationSpec(
                    type,
                    null,
                    bucket,
                    storageAccount,
                    region,
                    endpoint,
                    forcePathStyle,
                    credentialsSecret,
                    workloadIdentity,
                    caSecret,
                    path,
                    null);
        }
        return this;
    }
}
