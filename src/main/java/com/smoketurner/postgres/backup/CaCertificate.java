package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The certificate authority of an object store, from a Secret that a spec names. */
public final class CaCertificate {

    private static final String KEY = "ca.crt";

    private CaCertificate() {}

    /**
     * The certificates, as PEM; nothing where no Secret is named.
     *
     * @param name of the Secret
     * @param secrets the data of a Secret by its name, in base64
     * @param missing the reason where the Secret does not exist
     * @param invalid the reason where it lacks the key
     */
    public static Checked<Optional<String>> read(
            @Nullable String name,
            Function<String, Optional<Map<String, String>>> secrets,
            Reason missing,
            Reason invalid) {
        if (name == null) {
            return Checked.accepted(Optional.empty());
        }
        Optional<Map<String, String>> data = secrets.apply(name);
        if (data.isEmpty()) {
            return Checked.refused(missing, "CA secret '%s' of the object store not found".formatted(name));
        }
        String pem = new String(Base64.getDecoder().decode(data.get().getOrDefault(KEY, "")), StandardCharsets.UTF_8);
        return pem.contains("-----BEGIN CERTIFICATE-----")
                ? Checked.accepted(Optional.of(pem))
                : Checked.refused(
                        invalid, "key %s of CA secret '%s' must be a certificate in PEM".formatted(KEY, name));
    }
}
