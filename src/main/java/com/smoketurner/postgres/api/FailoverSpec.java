package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Patroni's timing: how soon a lost primary is noticed and replaced. */
@ApiType
@ValidationRule(
        value =
                "(has(self.ttl) ? self.ttl : 20) >= 20 && (has(self.ttl) ? self.ttl : 20) >= (has(self.loopWait) ? self.loopWait : 5) + 2 * (has(self.retryTimeout) ? self.retryTimeout : 5)",
        message = "failover.ttl must be at least 20 and at least loopWait + 2 * retryTimeout")
public record FailoverSpec(
        @JsonPropertyDescription(
                "Seconds the leader lock stays valid without being renewed; a failover starts when it runs out. At least 20.")
        @Default("20")
        @Max(3600)
        @Nullable
        Integer ttl,

        @JsonPropertyDescription("Seconds between two rounds of Patroni's main loop.")
        @Default("5")
        @Min(1)
        @Max(600)
        @Nullable
        Integer loopWait,

        @JsonPropertyDescription(
                "Seconds for which requests to the Kubernetes API and PostgreSQL are retried before the leader gives up.")
        @Default("5")
        @Min(1)
        @Max(600)
        @Nullable
        Integer retryTimeout) {
    public int ttlOrDefault() {
        return ttl != null ? ttl : 20;
    }

    public int loopWaitOrDefault() {
        return loopWait != null ? loopWait : 5;
    }

    public int retryTimeoutOrDefault() {
        return retryTimeout != null ? retryTimeout : 5;
    }
}
