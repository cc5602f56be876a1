package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A status under construction, beside the one shown so far. */
public final class StatusDraft {
    private final PostgresClusterStatus before;
    private final Conditions conditions;
    private final PostgresClusterStatus.Builder fields;
    private final List<EventMessage> events = new ArrayList<>();
    private final boolean everRan;

    public StatusDraft(ClusterReport report, PostgresClusterStatus before) {
        this.before = before;
        this.conditions = new Conditions(
                before.conditions(),
                report.view().cluster().getMetadata().getGeneration(),
                report.view().now());
        this.fields = before.toBuilder();
        this.everRan = before.currentVersion() != null
                || shown(ConditionType.READY).filter(StatusDraft::isTrue).isPresent()
                || report.complete();
    }

    /** The status shown so far; without any field before the first one. */
    public PostgresClusterStatus before() {
        return before;
    }

    /** Whether the cluster was Running at least once, or is complete now. */
    public boolean everRan() {
        return everRan;
    }

    /** The fields of the new status; those that no section sets stay as they are shown. */
    public PostgresClusterStatus.Builder fields() {
        return fields;
    }

    public void condition(ConditionType type, boolean status, Reason reason, String message) {
        conditions.add(type.label(), status, reason.label(), message);
    }

    /** Leaves a condition as it is shown. */
    public void keep(Condition shown) {
        conditions.add(shown.type(), isTrue(shown), shown.reason(), shown.message());
    }

    public void event(EventReason reason, String message) {
        events.add(EventMessage.of(reason, message));
    }

    /** The event of a failure, under its own reason. */
    public void failure(String reason, String message) {
        events.add(EventMessage.failure(reason, message));
    }

    /** A condition as it is shown so far. */
    public Optional<Condition> shown(ConditionType type) {
        return Conditions.find(before.conditions(), type.label());
    }

    /** A condition as a section has written it. */
    public Optional<Condition> written(ConditionType type) {
        return Conditions.find(conditions.list(), type.label());
    }

    /** The message of a condition as a section has written it. */
    public String message(ConditionType type) {
        return written(type).map(Condition::message).orElse("");
    }

    /** A condition as it is written, if it says something else than the one shown so far. */
    public Optional<Condition> news(ConditionType type) {
        Optional<Condition> was = shown(type);
        return written(type)
                .filter(is -> was.filter(old -> old.reason().equals(is.reason())
                                && old.message().equals(is.message()))
                        .isEmpty());
    }

    /** A condition that is written as True and was not shown so. */
    public Optional<Condition> became(ConditionType type) {
        boolean was = shown(type).filter(StatusDraft::isTrue).isPresent();
        return written(type).filter(condition -> !was && isTrue(condition));
    }

    public static boolean isTrue(Condition condition) {
        return condition.status().equals("True");
    }

    public static boolean has(Condition condition, Reason reason) {
        return condition.reason().equals(reason.label());
    }

    /** The conditions written so far, in the order of their types. */
    public List<Condition> conditions() {
        List<Condition> sorted = new ArrayList<>();
        for (ConditionType type : ConditionType.values()) {
            written(type).ifPresent(sorted::add);
        }
        return sorted;
    }

    /** The whole new status. */
    public PostgresClusterStatus status() {
        return fields.conditions(conditions()).build();
    }

    /** The events of what has changed since the status shown so far. */
    public List<EventMessage> events() {
        return List.copyOf(events);
    }
}
