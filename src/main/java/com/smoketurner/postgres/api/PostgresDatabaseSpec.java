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

/** A database with its roles, grants and extensions. */
@ApiType
@ValidationRule(
        value = "!has(self.grants) || self.grants.all(g, !has(g.database) || g.database == self.database.name)",
        message = "grants may only target spec.database.name")
@ValidationRule(
        value =
                "!has(self.roles) || self.roles.filter(r, has(r.secretName)).map(r, r.secretName).all(n, self.roles.filter(r, has(r.secretName) && r.secretName == n).size() == 1)",
        message = "roles must not share a secretName")
public record PostgresDatabaseSpec(
        @JsonPropertyDescription("The cluster that holds the database. Fixed at creation.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "clusterRef is immutable")
        ClusterRef clusterRef,

        @JsonPropertyDescription("The database itself.") @Required
        DatabaseDefinition database,

        @JsonPropertyDescription("Roles to create and keep as described.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<RoleSpec> roles,

        @JsonPropertyDescription("Privileges to grant; privileges that are removed from the list are revoked.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<GrantSpec> grants,

        @JsonPropertyDescription("Extensions to create in the database; removed ones stay installed.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<@Size(min = 1, max = 63) @Pattern("^[a-z0-9][a-z0-9_-]*$") String> extensions,

        @JsonPropertyDescription(
                "What happens to the database when this resource is deleted: Retain keeps it, Delete drops it and its roles.")
        @Default("Retain")
        @Nullable
        DeletionPolicy deletionPolicy) {
    public PostgresDatabaseSpec {
        roles = Copies.list(roles);
        grants = Copies.list(grants);
        extensions = Copies.list(extensions);
    }

    public DeletionPolicy deletionPolicyOrDefault() {
        return deletionPolicy != null ? deletionPolicy : DeletionPolicy.RETAIN;
    }
}
