package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A cert-manager issuer. */
@ApiType
@ValidationRule(
        value =
                "!has(self.kind) || (has(self.group) && self.group != 'cert-manager.io') || self.kind in ['Issuer', 'ClusterIssuer']",
        message = "issuerRef.kind must be one of \"Issuer\", \"ClusterIssuer\"")
public record IssuerRef(
        @JsonPropertyDescription("Name of the issuer.") @Size(max = 253) @Nullable
        String name,

        @JsonPropertyDescription(
                "Kind of the issuer: Issuer (in the cluster's namespace) or ClusterIssuer; other kinds only with another group.")
        @Default("ClusterIssuer")
        @Size(min = 1, max = 63)
        @Nullable
        String kind,

        @JsonPropertyDescription("API group of the issuer.")
        @Default("cert-manager.io")
        @Size(min = 1, max = 253)
        @Nullable
        String group) {
    public String kindOrDefault() {
        return kind != null ? kind : "ClusterIssuer";
    }

    public String groupOrDefault() {
        return group != null ? group : "cert-manager.io";
    }
}
