package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The backups a cluster is restored from. */
@ApiType
@ValidationRule(
        value =
                "!has(self.s3) || !((has(self.type) && self.type != 'S3') || has(self.bucket) || has(self.container) || has(self.storageAccount) || has(self.region) || has(self.endpoint) || has(self.credentialsSecret) || has(self.caSecret) || has(self.path) || has(self.prefix) || has(self.encryptionKeySecret) || (has(self.forcePathStyle) && self.forcePathStyle) || (has(self.workloadIdentity) && self.workloadIdentity))",
        message = "restore.source.s3 and the flat fields of restore.source are mutually exclusive")
@ValidationRule(
        value =
                "!has(self.prefix) || !(has(self.bucket) || has(self.container) || has(self.path) || has(self.clusterName))",
        message = "restore.source.prefix replaces bucket, container, path and clusterName")
@ValidationRule(
        value =
                "(has(self.s3) ? (has(self.s3.bucket) || has(self.s3.prefix)) && ((has(self.s3.workloadIdentity) && self.s3.workloadIdentity) || has(self.s3.credentialsSecret)) : has(self.type) && self.type == 'Azure' ? (has(self.container) || has(self.bucket) || has(self.prefix)) && has(self.storageAccount) && ((has(self.workloadIdentity) && self.workloadIdentity) || has(self.credentialsSecret)) : (has(self.bucket) || has(self.prefix)) && ((has(self.workloadIdentity) && self.workloadIdentity) || has(self.credentialsSecret)))",
        message =
                "restore.source requires bucket (Azure: container and storageAccount) or prefix, and credentialsSecret")
public record RestoreSourceSpec(
        @JsonPropertyDescription("Kind of object store.") @Default("S3") @Nullable
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

        @JsonPropertyDescription("Secret with the credentials of the store, in the cluster's namespace.")
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

        @JsonPropertyDescription("Program that wrote the backups; absent means that of backup.engine.") @Nullable
        BackupEngine engine,

        @JsonPropertyDescription("Prefix in the bucket or container.")
        @Size(min = 1, max = 512)
        @ValidationRule(value = Rules.BUCKET_PATH, message = Rules.BUCKET_PATH_MESSAGE)
        @Nullable
        String path,

        @JsonPropertyDescription("Full location as an s3://, gs:// or azure:// URL, in place of bucket and path.")
        @Pattern("^(s3|gs|azure)://.+$")
        @Size(max = 1024)
        @Nullable
        String prefix,

        @JsonPropertyDescription("Name of the source cluster: shorthand for its default path.")
        @Size(min = 1, max = 63)
        @Nullable
        String clusterName,

        @JsonPropertyDescription("Namespace of the source cluster; absent means this cluster's own.")
        @Size(min = 1, max = 63)
        @Nullable
        String clusterNamespace,

        @JsonPropertyDescription("Secret with the key of the backups; absent means that of backup.encryption.")
        @Size(min = 1, max = 253)
        @Nullable
        String encryptionKeySecret,

        @JsonPropertyDescription("How the backups are encrypted.") @Default("aes256") @Nullable
        EncryptionMethod encryptionMethod,

        @JsonPropertyDescription("Nested form of an S3 source, in place of the flat fields.") @Nullable
        S3SourceSpec s3) {
    public DestinationType typeOrDefault() {
        return type != null ? type : DestinationType.S3;
    }

    public boolean forcePathStyleOrDefault() {
        return forcePathStyle != null ? forcePathStyle : false;
    }

    public boolean workloadIdentityOrDefault() {
        return workloadIdentity != null ? workloadIdentity : false;
    }

    public EncryptionMethod encryptionMethodOrDefault() {
        return encryptionMethod != null ? encryptionMethod : EncryptionMethod.AES256;
    }

    /** The same source by its flat fields alone, with the type and, for Azure, the container set. */
    public RestoreSourceSpec flat() {
        if (s3 != null) {
            return new RestoreSourceSpec(
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
                    engine,
                    s3.path(),
                    s3.prefix(),
                    clusterName,
                    clusterNamespace,
                    s3.encryptionKeySecret(),
                    encryptionMethod,
                    null);
        }
        boolean alias = type == DestinationType.AZURE && container == null;
        return new RestoreSourceSpec(
                typeOrDefault(),
                alias ? null : bucket,
                alias ? bucket : container,
                storageAccount,
                region,
                endpoint,
                forcePathStyle,
                credentialsSecret,
                workloadIdentity,
                caSecret,
                engine,
                path,
                prefix,
                clusterName,
                clusterNamespace,
                encryptionKeySecret,
                encryptionMethod,
                null);
    }
}
