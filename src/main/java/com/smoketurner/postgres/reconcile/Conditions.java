package com.smoketurner.postgres.reconcile;

import com.smoketurner.postgres.api.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A list of conditions under construction: the one place that decides when a transition happened. */
public final class Conditions {

    private final List<Condition> previous;
    private final long generation;
    private final Instant now;
    private final List<Condition> current = new ArrayList<>();

    /**
     * @param previous the conditions shown so far
     * @param generation the generation that is judged
     */
    public Conditions(List<Condition> previous, long generation, Instant now) {
        this.previous = previous;
        this.generation = generation;
        this.now = now;
    }

    /** Adds a condition; its transition time moves only if its status differs from the one shown so far. */
    public Conditions add(String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        String since = find(previous, type)
                .filter(condition -> condition.status().equals(text))
                .map(Condition::lastTransitionTime)
                .orElseGet(() -> time(now));
        current.add(new Condition(type, text, reason, message, since, generation));
        return this;
    }

    public List<Condition> list() {
        return List.copyOf(current);
    }

    /** The conditions shown so far in their order, with those that were added in their places. */
    public List<Condition> replaced() {
        Stream<Condition> known = previous.stream()
                .map(condition -> find(current, condition.type()).orElse(condition));
        Stream<Condition> fresh = current.stream()
                .filter(condition -> find(previous, condition.type()).isEmpty());
        return Stream.concat(known, fresh).toList();
    }

    /** For how long a condition has had a status, up to now; zero if it has not. */
    public static Duration lasted(List<Condition> conditions, String type, boolean status, Instant now) {
        return find(conditions, type)
                .filter(condition -> condition.status().equals(status ? "True" : "False"))
                .map(condition -> Duration.between(Instant.parse(condition.lastTransitionTime()), now))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** A time as it stands in status: UTC, whole seconds. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
