package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The database itself. */
@ApiType
@ValidationRule(
        value = "has(self.locale) == has(oldSelf.locale) && (!has(self.locale) || self.locale == oldSelf.locale)",
        message = "database.locale is immutable")
public record DatabaseDefinition(
        @JsonPropertyDescription("Name of the database. Fixed at creation.")
        @Required
        @Pattern(Rules.IDENTIFIER)
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "!(self in ['postgres', 'template0', 'template1'])",
                message = "database name cannot be a reserved PostgreSQL database (postgres, template0, template1)")
        @ValidationRule(value = "self == oldSelf", message = "database.name is immutable")
        String name,

        @JsonPropertyDescription(
                "Role that owns the database; created without login when it is not listed under roles.")
        @Required
        @Pattern(Rules.IDENTIFIER)
        @Size(min = 1, max = 63)
        @ValidationRule(value = Rules.ROLE_NAME, message = Rules.ROLE_NAME_MESSAGE)
        String owner,

        @JsonPropertyDescription("Character encoding. Fixed at creation.")
        @Default("UTF8")
        @Pattern("^[A-Za-z0-9_-]+$")
        @Size(min = 1, max = 63)
        @ValidationRule(value = "self == oldSelf", message = "database.encoding is immutable")
        @Nullable
        String encoding,

        @JsonPropertyDescription("Locale; absent means the template's. Fixed at creation.")
        @Pattern("^[A-Za-z0-9_.@-]+$")
        @Size(min = 1, max = 128)
        @Nullable
        String locale,

        @JsonPropertyDescription("Maximum number of concurrent connections; -1 means no limit.")
        @Default("-1")
        @Min(-1)
        @Max(1000000)
        @Nullable
        Integer connectionLimit) {
    public String encodingOrDefault() {
        return encoding != null ? encoding : "UTF8";
    }

    public int connectionLimitOrDefault() {
        return connectionLimit != null ? connectionLimit : -1;
    }
}
