package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How backups are encrypted; they always are. */
@ApiType
public record BackupEncryptionSpec(
        @JsonPropertyDescription("Method of encryption.") @Default("aes256") @Nullable
        EncryptionMethod method,

        @JsonPropertyDescription("Secret with the key, in the cluster's namespace.")
        @Required
        @Size(max = 253)
        @ValidationRule(
                value = "size(self) > 0",
                message =
                        "Backup encryption is required when backups are configured: backup.encryption.keySecret must name the Secret with the key")
        String keySecret) {
    public EncryptionMethod methodOrDefault() {
        return method != null ? method : EncryptionMethod.AES256;
    }
}
