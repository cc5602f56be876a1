package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scheduled restore tests: a backup is restored on a volume of its own, checked, and thrown away. */
@ApiType
public record BackupVerifySpec(
        @JsonPropertyDescription("When the tests run: five cron fields or @hourly to @yearly.")
        @Required
        @Size(max = 128)
        @ValidationRule(value = Rules.CRON, message = Rules.CRON_MESSAGE)
        String schedule,

        @JsonPropertyDescription("Queries that must return rows in the restored databases.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<DatabaseCheck> databaseChecks,

        @JsonPropertyDescription("How long one test may take.")
        @Default("4h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String timeout) {
    public BackupVerifySpec {
        databaseChecks = Copies.list(databaseChecks);
    }

    public String timeoutOrDefault() {
        return timeout != null ? timeout : "4h";
    }
}
