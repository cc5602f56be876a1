package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A grant the operator has made, remembered so that it can be revoked. */
@ApiType
public record AppliedGrant(
        @JsonPropertyDescription("Role that was granted the privileges.") @Required
        String role,

        @JsonPropertyDescription("Schema the grant is about.") @Nullable
        String schema,

        @JsonPropertyDescription("ALL or the name of one table; absent without privileges on tables.") @Nullable
        String onTables,

        @JsonPropertyDescription("Privileges on the tables.") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<TablePrivilege> privileges,

        @JsonPropertyDescription("Whether every sequence of the schema is included.") @Nullable
        Boolean allSequences,

        @JsonPropertyDescription("Whether every function of the schema is included.") @Nullable
        Boolean allFunctions) {
    public AppliedGrant {
        privileges = Copies.list(privileges);
    }
}
