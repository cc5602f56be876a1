package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.PgBouncerSpec;
import com.smoketurner.postgres.api.PoolMode;
import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the clients of poolers wait while the primary changes by plan. */
sealed interface PausePlan {

    /** There is nobody to hold back. */
    record NotNeeded() implements PausePlan {}

    /**
     * Clients could be held back, and are not.
     *
     * @param why for people
     */
    record Skip(String why) implements PausePlan {}

    /**
     * Clients wait.
     *
     * @param pods the pods of the primary's pooler that serve clients
     * @param atMost when they go on whatever has happened
     */
    record Pause(List<String> pods, Duration atMost) implements PausePlan {
        public Pause {
            pods = List.copyOf(pods);
        }
    }

    /** Clients are not held back for longer, whoever is gone. */
    Duration LONGEST = Duration.ofSeconds(30);

    /** Within less no primary changes. */
    Duration SHORTEST = Duration.ofSeconds(5);

    /** More than a candidate replays while clients wait. */
    long MOST_LAG = 16L << 20;

    static PausePlan of(ClusterView view, String candidate) {
        PgBouncerSpec spec = view.spec().pgbouncerOrDefault();
        if (!view.spec().poolerEnabled() || spec.poolModeOrDefault() == PoolMode.SESSION) {
            return new NotNeeded(); // A session ends when its client wants: PAUSE would wait for that.
        }
        List<String> pods = view.observed().poolers().stream()
                .filter(pod -> pod.primary() && pod.serves())
                .map(PoolerPod::name)
                .toList();
        if (pods.isEmpty()) {
            return new NotNeeded();
        }
        Duration atMost = atMost(spec);
        if (atMost.compareTo(SHORTEST) < 0) {
            return new Skip(
                    "query_wait_timeout gives clients less than %d s to wait".formatted(2 * SHORTEST.toSeconds()));
        }
        return behind(view, candidate).<PausePlan>map(Skip::new).orElseGet(() -> new Pause(pods, atMost));
    }

    /** PgBouncer ends clients that wait for longer than {@code query_wait_timeout}, also when it is paused; 0 is for ever. */
    private static Duration atMost(PgBouncerSpec spec) {
        return Optional.ofNullable(spec.parameters().get("query_wait_timeout"))
                .flatMap(PausePlan::seconds)
                .filter(limit -> !limit.isZero())
                .map(limit -> limit.dividedBy(2))
                .filter(half -> half.compareTo(LONGEST) < 0)
                .orElse(LONGEST);
    }

    private static Optional<Duration> seconds(String text) {
        return text.matches("\\d{1,9}(\\.\\d+)?")
                ? Optional.of(Duration.ofMillis((long) (Double.parseDouble(text) * 1000)))
                : Optional.empty();
    }

    private static Optional<String> behind(ClusterView view, String candidate) {
        return ReplicaLags.of(view).stream()
                .filter(lag -> lag.member().name().equals(candidate))
                .map(ReplicaLag::bytes)
                .filter(bytes -> bytes != null && bytes > MOST_LAG)
                .map(bytes -> "%s is %d bytes behind".formatted(candidate, bytes))
                .findFirst();
    }
}
