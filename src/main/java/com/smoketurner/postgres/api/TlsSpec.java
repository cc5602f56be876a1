package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encryption of connections. */
@ApiType
@ValidationRule(
        value =
                "(has(self.enabled) && !self.enabled) || (has(self.issuerRef) && has(self.issuerRef.name) && size(self.issuerRef.name) > 0)",
        message =
                "TLS is enabled but no issuer reference is configured. Set spec.tls.issuerRef or spec.tls.enabled: false")
@ValidationRule(
        value = "!has(self.renewBefore) || !has(self.duration) || !self.renewBefore.matches('" + Rules.DURATION_PATTERN
                + "') || !self.duration.matches('" + Rules.DURATION_PATTERN + "') || self.renewBefore" + Rules.SECONDS
                + " < self.duration" + Rules.SECONDS + "",
        message = "tls.renewBefore must be shorter than tls.duration")
public record TlsSpec(
        @JsonPropertyDescription(
                "Whether connections are encrypted; unencrypted ones from other hosts are then refused.")
        @Default("true")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription("The cert-manager issuer of the certificates; required unless enabled is false.")
        @Nullable
        IssuerRef issuerRef,

        @JsonPropertyDescription("Further DNS names for the certificate, also as wildcards.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<@Size(min = 1, max = 253) @Pattern(Rules.DNS_NAME_OR_WILDCARD) String> additionalDnsNames,

        @JsonPropertyDescription("Lifetime of a certificate, at least 1h.")
        @Default("2160h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @ValidationRule(
                value = "!self.matches('" + Rules.DURATION_PATTERN + "') || self" + Rules.SECONDS + " >= 3600.0",
                message = "tls.duration must be at least 1h")
        @Nullable
        String duration,

        @JsonPropertyDescription(
                "How long before its end a certificate is renewed; shorter than duration. By default 360h, or a third of duration where that is less.")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String renewBefore) {
    private static final Duration RENEW_BEFORE = Duration.ofDays(15);

    public TlsSpec {
        additionalDnsNames = Copies.list(additionalDnsNames);
    }

    public boolean enabledOrDefault() {
        return enabled != null ? enabled : true;
    }

    public String durationOrDefault() {
        return duration != null ? duration : "2160h";
    }

    public String renewBeforeOrDefault() {
        if (renewBefore != null) {
            return renewBefore;
        }
        Duration third = Durations.parse(durationOrDefault()).dividedBy(3);
        return third.compareTo(RENEW_BEFORE) < 0 ? third.toMinutes() + "m" : RENEW_BEFORE.toHours() + "h";
    }
}
