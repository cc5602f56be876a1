package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role of the database. */
@ApiType
public record RoleSpec(
        @JsonPropertyDescription("Name of the role.")
        @Required
        @Pattern(Rules.IDENTIFIER)
        @Size(min = 1, max = 63)
        @ValidationRule(value = Rules.ROLE_NAME, message = Rules.ROLE_NAME_MESSAGE)
        String name,

        @JsonPropertyDescription("Attributes of the role; attributes that are not listed are removed from it.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 20)
        List<RoleAttribute> privileges,

        @JsonPropertyDescription(
                "Secret into which the operator writes the credentials of the role; unique in the resource.")
        @Pattern(Rules.DNS_SUBDOMAIN)
        @Size(min = 1, max = 253)
        @Nullable
        String secretName,

        @JsonPropertyDescription("Maximum number of concurrent connections of the role; -1 means no limit.")
        @Default("-1")
        @Min(-1)
        @Max(1000000)
        @Nullable
        Integer connectionLimit,

        @JsonPropertyDescription("When the password expires: RFC 3339; absent means never.")
        @Size(max = 64)
        @ValidationRule(value = Rules.RFC3339, message = Rules.RFC3339_MESSAGE)
        @Nullable
        String validUntil,

        @JsonPropertyDescription("Whether the role can log in; absent means when LOGIN is listed or secretName is set.")
        @Nullable
        Boolean login,

        @JsonPropertyDescription("Roles of which this one becomes a member.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<@Size(min = 1, max = 63) String> inRoles) {
    public RoleSpec {
        privileges = Copies.list(privileges);
        inRoles = Copies.list(inRoles);
    }

    public int connectionLimitOrDefault() {
        return connectionLimit != null ? connectionLimit : -1;
    }

    /** Whether the role can log in, by its own field or by what else was requested. */
    public boolean canLogin() {
        return login != null ? login : privileges.contains(RoleAttribute.LOGIN) || secretName != null;
    }
}
