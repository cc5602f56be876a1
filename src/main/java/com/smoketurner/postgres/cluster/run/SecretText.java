package com.smoketurner.postgres.cluster.run;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Values of Secrets as text. */
public final class SecretText {

    private SecretText() {}

    /** The value of a key; nothing when the Secret, the key or the value is missing. */
    public static Optional<String> of(Optional<Secret> secret, String key) {
        return secret.map(Secret::getData)
                .map(data -> data.get(key))
                .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
                .filter(value -> !value.isEmpty());
    }
}
