package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.postgres.Identifiers;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that has another value on a server than the spec says, because somebody has set it there.
 *
 * @param wanted the value in the spec
 * @param value the value that counts
 * @param member where it was found
 * @param database whose sessions have it; null for those of all databases
 * @param role whose sessions have it; null for those of all roles
 */
public record ParameterOverride(
        String name,
        String wanted,
        String value,
        String member,
        @Nullable String database,
        @Nullable String role) {

    private static final int SHOWN = 5;

    /** Whether the whole server has that value, by {@code ALTER SYSTEM}; else sessions of a role or in a database. */
    public boolean ofServer() {
        return database == null && role == null;
    }

    /** What is set where, and how to take it back. */
    String text() {
        if (ofServer()) {
            return "on %s ALTER SYSTEM sets %s to \"%s\" instead of \"%s\": run ALTER SYSTEM RESET %s and SELECT pg_reload_conf() there"
                    .formatted(member, name, value, wanted, name);
        }
        return "%s sets %s to \"%s\" instead of \"%s\" for its sessions: run %s RESET %s"
                .formatted(owner(), name, value, wanted, owner(), name);
    }

    private String owner() {
        if (role == null) {
            return "ALTER DATABASE " + shown(database);
        }
        return "ALTER ROLE " + shown(role) + (database == null ? "" : " IN DATABASE " + shown(database));
    }

    private static String shown(@Nullable String name) {
        String text = name == null ? "" : name;
        return text.matches("[a-z_][a-z0-9_]*") ? text : Identifiers.quote(text);
    }

    /** All of them as text, or how many there are besides the first. */
    public static String text(List<ParameterOverride> overrides) {
        String text =
                overrides.stream().limit(SHOWN).map(ParameterOverride::text).collect(Collectors.joining("; "));
        return overrides.size() <= SHOWN ? text : "%s; and %d more".formatted(text, overrides.size() - SHOWN);
    }
}
