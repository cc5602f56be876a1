package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The nested way to write an S3 source; the same as the flat fields with type S3. */
@ApiType
public record S3SourceSpec(
        @JsonPropertyDescription("Full location as an s3:// URL.") @Pattern("^s3://.+$") @Size(max = 1024) @Nullable
        String prefix,

        @JsonPropertyDescription("Bucket of the backups.") @Size(min = 1, max = 253) @Nullable
        String bucket,

        @JsonPropertyDescription("Prefix in the bucket.")
        @Size(min = 1, max = 512)
        @ValidationRule(value = Rules.BUCKET_PATH, message = Rules.BUCKET_PATH_MESSAGE)
        @Nullable
        String path,

        @JsonPropertyDescription("Region of the bucket.") @Size(min = 1, max = 63) @Nullable
        String region,

        @JsonPropertyDescription("URL of an S3-compatible store.") @Pattern(Rules.ENDPOINT) @Size(max = 512) @Nullable
        String endpoint,

        @JsonPropertyDescription("Address the bucket by path instead of host name.") @Default("false") @Nullable
        Boolean forcePathStyle,

        @JsonPropertyDescription("Secret with the credentials, in the cluster's namespace.")
        @Size(min = 1, max = 253)
        @Nullable
        String credentialsSecret,

        @JsonPropertyDescription("Use the identity of the ServiceAccount instead of a Secret.")
        @Default("false")
        @Nullable
        Boolean workloadIdentity,

        @JsonPropertyDescription(
                "Secret with the certificate of the authority that signed the store's own certificate, in key ca.crt.")
        @Size(min = 1, max = 253)
        @Nullable
        String caSecret,

        @JsonPropertyDescription("Secret with the key of the backups.") @Size(min = 1, max = 253) @Nullable
        String encryptionKeySecret) {
    public boolean forcePathStyleOrDefault() {
        return forcePathStyle != null ? forcePathStyle : false;
    }

    public boolean workloadIdentityOrDefault() {
        return workloadIdentity != null ? workloadIdentity : false;
    }
}
