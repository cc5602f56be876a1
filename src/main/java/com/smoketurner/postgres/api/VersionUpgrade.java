package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last change to another major version in place.
 *
 * @param id tells one attempt from another
 * @param formerSystem PostgreSQL's system identifier of the data before it
 * @param completeReplicas how many replicas have all that the stopped primary has; null before that is known
 * @param awaySince since when the pod of the member is missing; null while it is there
 */
@ApiType
public record VersionUpgrade(
        @JsonPropertyDescription("Tells one attempt from another.") @Required
        String id,

        @JsonPropertyDescription("The former major version.") @Required
        String from,

        @JsonPropertyDescription("The new major version.") @Required
        String to,

        @JsonPropertyDescription("How far it is.") @Required VersionUpgradeState state,

        @JsonPropertyDescription("The member whose data is converted: the primary when the upgrade began.") @Nullable
        String member,

        @JsonPropertyDescription("What is done or waited for, or why it failed.") @Nullable
        String message,

        @JsonPropertyDescription("Reason of the failure; absent without one.") @Nullable
        String reason,

        @JsonPropertyDescription("System identifier of the data before the upgrade.") @Nullable
        String formerSystem,

        @JsonPropertyDescription("Replicas that have all that the stopped primary has; absent before that is known.")
        @Nullable
        Integer completeReplicas,

        @JsonPropertyDescription("Since when the pod of the member is missing; absent while it is there.") @Nullable
        String awaySince,

        @JsonPropertyDescription("When it began.") @Nullable String startedAt,

        @JsonPropertyDescription("When the former server began to stop; absent before.") @Nullable
        String stoppedAt,

        @JsonPropertyDescription("When the new server was promoted; absent before.") @Nullable
        String servingAt,

        @JsonPropertyDescription("Seconds between the two in which nobody could write, rounded up.") @Nullable
        Long outageSeconds,

        @JsonPropertyDescription("When it was complete; absent before.") @Nullable
        String completedAt) {

    /** A new attempt. */
    public static VersionUpgrade begun(
            String id, String from, String to, @Nullable String formerSystem, String startedAt) {
        Fields fields = new Fields();
        fields.formerSystem = formerSystem;
        fields.startedAt = startedAt;
        return fields.of(id, from, to);
    }

    /** The same, further on. */
    public VersionUpgrade with(VersionUpgradeState now, @Nullable String where, String what, @Nullable String why) {
        return edited(fields -> {
            fields.state = now;
            fields.member = where;
            fields.message = what;
            fields.reason = why;
        });
    }

    /** The same, as far as its server is stopped. */
    public VersionUpgrade stopped(@Nullable String at, @Nullable Integer complete) {
        return edited(fields -> {
            fields.stoppedAt = at;
            fields.completeReplicas = complete;
        });
    }

    /** The same, with the pod of the member missing since then; null when it is there. */
    public VersionUpgrade away(@Nullable String since) {
        return edited(fields -> fields.awaySince = since);
    }

    /** The same, since the new version serves. */
    public VersionUpgrade serving(String at, @Nullable Long outage) {
        return edited(fields -> {
            fields.servingAt = at;
            fields.outageSeconds = outage;
        });
    }

    /** The same, since it is complete. */
    public VersionUpgrade completed(String at) {
        return edited(fields -> fields.completedAt = at);
    }

    private VersionUpgrade edited(Consumer<Fields> edit) {
        Fields fields = new Fields();
        fields.state = state;
        fields.member = member;
        fields.message = message;
        fields.reason = reason;
        fields.formerSystem = formerSystem;
        fields.completeReplicas = completeReplicas;
        fields.awaySince = awaySince;
        fields.startedAt = startedAt;
        fields.stoppedAt = stoppedAt;
        fields.servingAt = servingAt;
        fields.outageSeconds = outageSeconds;
        fields.completedAt = completedAt;
        edit.accept(fields);
        return fields.of(id, from, to);
    }

    /** All that changes in the course of an attempt. */
    private static final class Fields {
        private VersionUpgradeState state = VersionUpgradeState.WAITING;
        private @Nullable String member;
        private @Nullable String message;
        private @Nullable String reason;
        private @Nullable String formerSystem;
        private @Nullable Integer completeReplicas;
        private @Nullable String awaySince;
        private @Nullable String startedAt;
        private @Nullable String stoppedAt;
        private @Nullable String servingAt;
        private @Nullable Long outageSeconds;
        private @Nullable String completedAt;

        VersionUpgrade of(String id, String from, String to) {
            return new VersionUpgrade(
                    id,
                    from,
                    to,
                    state,
                    member,
                    message,
                    reason,
                    formerSystem,
                    completeReplicas,
                    awaySince,
                    startedAt,
                    stoppedAt,
                    servingAt,
                    outageSeconds,
                    completedAt);
        }
    }
}
