package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.naming.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of a reconciliation: what changed between the status shown so far and the new one. */
public final class ClusterEvents {

    /** Reason of the event that another member has become the primary. */
    public static final String PRIMARY_CHANGED = "PrimaryChanged";

    private final ClusterReport report;
    private final @Nullable PostgresClusterStatus before;
    private final PostgresClusterStatus after;
    private final List<Announcement> events = new ArrayList<>();

    private ClusterEvents(ClusterReport report, @Nullable PostgresClusterStatus before, PostgresClusterStatus after) {
        this.report = report;
        this.before = before;
        this.after = after;
    }

    /** What there is to tell; nothing in a steady state. */
    public static List<Announcement> of(
            ClusterReport report, @Nullable PostgresClusterStatus before, PostgresClusterStatus after) {
        return new ClusterEvents(report, before, after).all();
    }

    private List<Announcement> all() {
        phase();
        primary();
        configuration();
        if (newGeneration()) {
            oncePerGeneration();
        }
        return List.copyOf(events);
    }

    private void phase() {
        ClusterPhase from = before == null ? null : before.phase();
        ClusterPhase to = Objects.requireNonNull(after.phase());
        if (from == to) {
            return;
        }
        String fromLabel = from == null ? ClusterPhase.PENDING.label() : from.label();
        String message = "State changed from %s to %s: %s".formatted(fromLabel, to.label(), why());
        switch (to) {
            case PENDING -> {
                // Where everything begins; nothing happened yet.
            }
            case CREATING -> events.add(Announcement.normal("ClusterCreating", message));
            case RUNNING -> events.add(Announcement.normal("ClusterReady", message));
            case UPDATING -> events.add(Announcement.normal("ClusterUpdating", message));
            case SCALING -> events.add(Announcement.normal("ClusterScaling", message));
            case RECOVERING -> events.add(Announcement.normal("ClusterRecovering", message));
            case DEGRADED -> events.add(Announcement.warning("ClusterDegraded", message));
            case FAILED -> events.add(Announcement.warning("ClusterFailed", message));
            case SUPERSEDED -> events.add(Announcement.normal("ClusterSuperseded", message));
            case DELETING -> events.add(Announcement.normal("ClusterDeleting", message));
        }
    }

    private String why() {
        return switch (Objects.requireNonNull(after.phase())) {
            case RUNNING -> "%d/%d members ready".formatted(report.ready(), report.desired());
            case FAILED -> Objects.requireNonNullElse(after.lastError(), message(ClusterConditions.READY));
            case DEGRADED -> message(ClusterConditions.DEGRADED);
            case RECOVERING -> message(ClusterConditions.READY);
            default -> message(ClusterConditions.PROGRESSING);
        };
    }

    private String message(String type) {
        return Conditions.find(after.conditions(), type).map(Condition::message).orElse("");
    }

    private void primary() {
        if (before == null) {
            return;
        }
        String last = ClusterStatuses.lastKnownPrimary(before);
        String to = after.primaryPod();
        if (to != null && last != null && !to.equals(last)) {
            events.add(Announcement.normal(
                    PRIMARY_CHANGED,
                    "the primary changed from %s to %s (timeline %s)".formatted(last, to, timeline(to))));
        }
    }

    private String timeline(String member) {
        return report.members().stream()
                .filter(candidate -> candidate.name().equals(member))
                .map(candidate -> candidate.timeline())
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .findFirst()
                .orElse("unknown");
    }

    /** A rejected spec or a blocked creation is told under its own reason. */
    private void configuration() {
        Optional<Condition> was = before == null
                ? Optional.empty()
                : Conditions.find(before.conditions(), ClusterConditions.CONFIGURATION_VALID);
        Conditions.find(after.conditions(), ClusterConditions.CONFIGURATION_VALID)
                .filter(condition -> condition.status().equals("False"))
                .filter(condition -> was.filter(old -> old.reason().equals(condition.reason())
                                && old.message().equals(condition.message()))
                        .isEmpty())
                .ifPresent(condition -> events.add(Announcement.warning(condition.reason(), condition.message())));
        if (after.phase() == ClusterPhase.FAILED && (before == null || before.phase() != ClusterPhase.FAILED)) {
            report.blocked().ifPresent(cause -> events.add(Announcement.warning(cause.reason(), cause.message())));
        }
    }

    private boolean newGeneration() {
        return before == null || !Objects.equals(before.observedGeneration(), after.observedGeneration());
    }

    private void oncePerGeneration() {
        if (!report.run().spec().tlsEnabled()) {
            events.add(Announcement.warning(
                    "TLSDisabled",
                    "spec.tls.enabled is false: passwords and data cross the network unencrypted (generation %d)"
                            .formatted(after.observedGeneration())));
        }
        var ignored = Labels.ignored(report.run().cluster());
        if (!ignored.isEmpty()) {
            events.add(Announcement.warning(
                    "ReservedLabelIgnored",
                    "spec.labels sets keys that belong to the operator, they have no effect: %s (generation %d)"
                            .formatted(String.join(", ", ignored), after.observedGeneration())));
        }
        Integer had = before == null ? null : before.replicas();
        if (had != null && had > 1 && report.desired() == 1) {
            events.add(
                    Announcement.warning("HALost", "the cluster has one member left and no replica to fail over to"));
        }
    }
}
