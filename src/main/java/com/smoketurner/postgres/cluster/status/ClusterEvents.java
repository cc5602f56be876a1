package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of a reconciliation: what changed between the status shown so far and the new one. */
public final class ClusterEvents {

    /** Reason of the event that another member has become the primary. */
    public static final String PRIMARY_CHANGED = "PrimaryChanged";

    /** What is told when a change under this reason of the condition Progressing is done. */
    private static final Map<String, Announcement> COMPLETED = Map.of(
            "Resizing", Announcement.normal("ResizeCompleted", "every pod has the resources asked for"),
            "ApplyingParameters",
                    Announcement.normal("ParametersApplied", "no parameter waits for a restart any more"));

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
        changes();
        storage();
        lastingFailure();
        warnings();
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
            case FAILED -> Objects.requireNonNullElse(after.lastError(), message(ServiceConditions.READY));
            case DEGRADED -> message(ServiceConditions.DEGRADED);
            case RECOVERING -> message(ServiceConditions.READY);
            default -> message(ChangeConditions.PROGRESSING);
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
        Optional<Condition> was = shown(ClusterConditions.CONFIGURATION_VALID);
        Conditions.find(after.conditions(), ClusterConditions.CONFIGURATION_VALID)
                .filter(ClusterEvents::isFalse)
                .filter(condition -> !said(was, condition))
                .ifPresent(condition -> events.add(Announcement.warning(condition.reason(), condition.message())));
        if (after.phase() == ClusterPhase.FAILED && (before == null || before.phase() != ClusterPhase.FAILED)) {
            report.blocked().ifPresent(cause -> events.add(Announcement.warning(cause.reason(), cause.message())));
        }
    }

    /** What has come to its end since, and what turned out not to be possible. */
    private void changes() {
        if (before == null) {
            return;
        }
        boolean settled = Conditions.find(after.conditions(), ChangeConditions.PROGRESSING)
                .filter(now -> now.reason().equals(ChangeConditions.STABLE))
                .isPresent();
        if (settled) {
            Conditions.find(before.conditions(), ChangeConditions.PROGRESSING)
                    .map(Condition::reason)
                    .map(COMPLETED::get)
                    .ifPresent(events::add);
        }
        Resizes.newlyInfeasible(before, after)
                .forEach(entry -> events.add(Announcement.warning(
                        "ResizeInfeasible",
                        "pod %s is made anew, because its node cannot give it what is asked for: %s"
                                .formatted(entry.podName(), entry.message()))));
    }

    private void storage() {
        Optional<Condition> was = shown(StorageConditions.STORAGE_EXPANDED);
        Optional<Condition> is = Conditions.find(after.conditions(), StorageConditions.STORAGE_EXPANDED);
        if (was.filter(ClusterEvents::isFalse).isPresent()
                && is.filter(ClusterEvents::isFalse).isEmpty()) {
            events.add(Announcement.normal(
                    "StorageExpanded",
                    "every volume has the %s asked for"
                            .formatted(report.view().spec().storage().size())));
        }
        is.filter(condition -> condition.reason().equals("ExpansionNotSupported"))
                .filter(condition -> !said(was, condition))
                .ifPresent(condition ->
                        events.add(Announcement.warning("StorageExpansionNotSupported", condition.message())));
        boolean pressed = shown(StorageConditions.STORAGE_PRESSURE)
                .filter(condition -> !isFalse(condition))
                .isPresent();
        Conditions.find(after.conditions(), StorageConditions.STORAGE_PRESSURE)
                .filter(condition -> !pressed && !isFalse(condition))
                .ifPresent(condition ->
                        events.add(Announcement.warning(StorageConditions.STORAGE_PRESSURE, condition.message())));
    }

    /** Attempts that fail one after the other are told once, not each. */
    private void lastingFailure() {
        boolean told = shown(ServiceConditions.DEGRADED)
                .filter(condition -> condition.reason().equals(Failures.REASON))
                .isPresent();
        Conditions.find(after.conditions(), ServiceConditions.DEGRADED)
                .filter(condition -> condition.reason().equals(Failures.REASON) && !told)
                .ifPresent(condition -> events.add(Announcement.warning(Failures.REASON, condition.message())));
    }

    private Optional<Condition> shown(String type) {
        return before == null ? Optional.empty() : Conditions.find(before.conditions(), type);
    }

    private static boolean isFalse(Condition condition) {
        return condition.status().equals("False");
    }

    private static boolean said(Optional<Condition> was, Condition is) {
        return was.filter(
                        old -> old.reason().equals(is.reason()) && old.message().equals(is.message()))
                .isPresent();
    }

    private boolean newGeneration() {
        boolean looked = !report.view().paused();
        return looked && (before == null || !Objects.equals(before.observedGeneration(), after.observedGeneration()));
    }

    /** What a user has chosen and may regret: told when it becomes so, not at each edit. */
    private void warnings() {
        told(ClusterConditions.CERTIFICATE_READY)
                .filter(condition -> condition.reason().equals(ClusterConditions.TLS_DISABLED))
                .ifPresent(condition -> events.add(Announcement.warning(
                        ClusterConditions.TLS_DISABLED,
                        "spec.tls.enabled is false: passwords and data cross the network unencrypted")));
        ClusterConditions.ignoredLabels(report)
                .filter(ignored -> told(ClusterConditions.CONFIGURATION_VALID)
                        .filter(condition -> condition.message().endsWith(ignored))
                        .isPresent())
                .ifPresent(ignored -> events.add(Announcement.warning("ReservedLabelIgnored", ignored)));
        Integer had = before == null ? null : before.replicas();
        if (newGeneration() && had != null && had > 1 && report.desired() == 1) {
            events.add(
                    Announcement.warning("HALost", "the cluster has one member left and no replica to fail over to"));
        }
    }

    /** The condition, if it says something else than before. */
    private Optional<Condition> told(String type) {
        Optional<Condition> was = shown(type);
        return Conditions.find(after.conditions(), type).filter(condition -> !said(was, condition));
    }
}
