package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Privileges of a role in the database. */
@ApiType
public record GrantSpec(
        @JsonPropertyDescription("Role that is granted the privileges.")
        @Required
        @Pattern(Rules.IDENTIFIER)
        @Size(min = 1, max = 63)
        @ValidationRule(value = Rules.ROLE_NAME, message = Rules.ROLE_NAME_MESSAGE)
        String role,

        @JsonPropertyDescription("Only the database of this resource can be named; absent means the same.")
        @Size(min = 1, max = 63)
        @Nullable
        String database,

        @JsonPropertyDescription(
                "Privileges on the tables; empty for connecting to the database and using the schema alone.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 20)
        List<TablePrivilege> privileges,

        @JsonPropertyDescription(
                "ALL for every table of the schema, also future ones, or the name of one table, optionally with its schema.")
        @Pattern("^[A-Za-z_][A-Za-z0-9_$]*([.][A-Za-z_][A-Za-z0-9_$]*)?$")
        @Size(min = 1, max = 127)
        @Nullable
        String onTables,

        @JsonPropertyDescription("Schema the grant is about; absent means public.")
        @Pattern("^[A-Za-z_][A-Za-z0-9_$]*$")
        @Size(min = 1, max = 63)
        @Nullable
        String onSchema,

        @JsonPropertyDescription("Accepted in place of onSchema, which wins.")
        @Pattern("^[A-Za-z_][A-Za-z0-9_$]*$")
        @Size(min = 1, max = 63)
        @Nullable
        String schema,

        @JsonPropertyDescription("The same as onTables: ALL.") @Default("false") @Nullable
        Boolean allTables,

        @JsonPropertyDescription("Also USAGE and SELECT on every sequence of the schema.") @Default("false") @Nullable
        Boolean allSequences,

        @JsonPropertyDescription("Also EXECUTE on every function of the schema.") @Default("false") @Nullable
        Boolean allFunctions) {
    public GrantSpec {
        privileges = Copies.list(privileges);
    }

    public boolean allTablesOrDefault() {
        return allTables != null ? allTables : false;
    }

    public boolean allSequencesOrDefault() {
        return allSequences != null ? allSequences : false;
    }

    public boolean allFunctionsOrDefault() {
        return allFunctions != null ? allFunctions : false;
    }

    /** The schema the grant is about, whichever way it was written. */
    public String effectiveSchema() {
        if (onSchema != null) {
            return onSchema;
        }
        return schema != null ? schema : "public";
    }

    /** Whether it is about every table of the schema, also future ones. */
    public boolean coversAllTables() {
        return allTablesOrDefault() || "ALL".equals(onTables);
    }
}
