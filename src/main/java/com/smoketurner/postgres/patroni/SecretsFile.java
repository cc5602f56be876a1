package com.smoketurner.postgres.patroni;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads back what {@link PatroniTemplates#secrets} has rendered. */
public final class SecretsFile {

    private SecretsFile() {}

    /** The superuser's password. */
    public static Optional<String> superuser(String file) {
        return password(file, "superuser");
    }

    /** The password of the replication role. */
    public static Optional<String> replication(String file) {
        return password(file, "replication");
    }

    private static Optional<String> password(String file, String role) {
        String section = "^ +%s:\\n +username: .*\\n +password: (\".*\")$".formatted(role);
        Matcher found =
                Pattern.compile(section, Pattern.MULTILINE | Pattern.UNIX_LINES).matcher(file);
        return found.find() ? scalar(found.group(1)) : Optional.empty();
    }

    /** The operator writes scalars in the part of YAML that is JSON. */
    private static Optional<String> scalar(String json) {
        try {
            return Optional.of(Json.MAPPER.readValue(json, String.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
