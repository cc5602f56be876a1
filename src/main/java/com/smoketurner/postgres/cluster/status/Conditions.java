package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of conditions under construction: the one place that decides when a transition happened. */
final class Conditions {

    private final List<Condition> previous;
    private final long generation;
    private final Instant now;
    private final List<Condition> current = new ArrayList<>();

    /**
     * @param previous the conditions shown so far
     * @param generation the generation that is judged
     */
    Conditions(List<Condition> previous, long generation, Instant now) {
        this.previous = previous;
        this.generation = generation;
        this.now = now;
    }

    /** Adds a condition; its transition time moves only if its status differs from the one shown so far. */
    Conditions add(String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        String since = find(previous, type)
                .filter(condition -> condition.status().equals(text))
                .map(Condition::lastTransitionTime)
                .orElseGet(() -> time(now));
        current.add(new Condition(type, text, reason, message, since, generation));
        return this;
    }

    List<Condition> list() {
        return List.copyOf(current);
    }

    /** For how long a condition has had a status, up to now; zero if it has not. */
    static Duration lasted(List<Condition> conditions, String type, boolean status, Instant now) {
        return find(conditions, type)
                .filter(condition -> condition.status().equals(status ? "True" : "False"))
                .map(condition -> Duration.between(Instant.parse(condition.lastTransitionTime()), now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** A time as it stands in status: UTC, whole seconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
