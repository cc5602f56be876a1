package com.smoketurner.postgres.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Backups of all clusters that are due at the same time: when they begin, and what they cost the operator. */
final class DueTimes {
    private static final Duration LONGEST_JITTER = Duration.ofMinutes(15);
    private static final Duration LIMIT = LONGEST_JITTER.plusMinutes(10);

    private final Plan plan;
    private final Figures figures;
    private final StandInRepositories repositories;
    private final Confined operator;
    private final Population population;

    DueTimes(Plan plan, Figures figures, StandInRepositories repositories, Confined operator, Population population) {
        this.plan = plan;
        this.figures = figures;
        this.repositories = repositories;
        this.operator = operator;
        this.population = population;
    }

    void measure() {
        // Later than it takes to tell all clusters of it.
        Instant due = Instant.now()
                .plus(Duration.ofMinutes(2 + plan.clusters() / 250))
                .truncatedTo(ChronoUnit.MINUTES);
        ZonedDateTime utc = due.atZone(ZoneOffset.UTC);
        String hour = plan.backups().equals("hourly") ? "*" : Integer.toString(utc.getHour());
        population.schedule(plan.clusters(), "%d %s * * *".formatted(utc.getMinute(), hour));
        figures.put("due.told.before", Duration.between(Instant.now(), due).toSeconds());
        double cpu = operator.cpuSeconds();
        population.awaitBackups(plan.clusters(), 1, LIMIT);
        List<Long> seconds = repositories.startsSince(Instant.EPOCH).stream()
                .map(start -> Duration.between(due, start).toSeconds())
                .toList();
        figures.put("due.backups", seconds.size());
        figures.put("due.first", seconds.getFirst());
        figures.put("due.last", seconds.getLast());
        figures.put(
                "due.busiest",
                seconds.stream()
                        .mapToLong(from -> seconds.stream()
                                .filter(s -> s >= from && s < from + 10)
                                .count())
                        .max()
                        .orElseThrow());
        figures.put("due.cpu", operator.cpuSeconds() - cpu);
        figures.put("due.rss", operator.rssMiB());
        ScaleBench.pause(ScaleBench.SETTLE);
    }
}
