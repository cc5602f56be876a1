package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.edits.Edit;
import com.smoketurner.postgres.testing.edits.Edits;
import com.smoketurner.postgres.testing.edits.Trial;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long the usual changes of a running cluster take, and what a client that writes at 20 Hz notices of them. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Day2Bench {
    private static final int RUNS = Integer.getInteger("runs", 5);
    private static final String NAME = "bench";

    private final Cluster cluster;
    private final Trial trial;

    Day2Bench(Namespace ns) {
        cluster = ns.cluster(NAME);
        trial = new Trial(cluster, Edits.start(NAME));
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Edits.start(NAME)).awaitPhase("Running");
    }

    /** One row: what is edited in which run. */
    record Change(String name, IntFunction<List<Edit>> edits) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> changes() {
        return List.of(
                change("runtime parameter", run -> spec("{\"postgresqlParams\":{\"work_mem\":\"%s\"}}", memory(run))),
                change(
                        "restart parameter",
                        run -> spec("{\"postgresqlParams\":{\"shared_buffers\":\"%dMB\"}}", 32 + run)),
                change("CPU resize", run -> spec("{\"resources\":{\"requests\":{\"cpu\":\"%dm\"}}}", 60 + run)),
                change("memory resize", run -> spec("{\"resources\":{\"limits\":{\"memory\":\"%dMi\"}}}", 520 + run)),
                change(
                        "`kubectl rollout restart sts`",
                        run -> Edit.typed("", Edit.Cost.PODS, "rollout", "restart", "sts", "CLUSTER")),
                change(
                        "switchover",
                        run -> Edit.annotation("", Edit.Cost.SWITCHOVER, "switchover", "auto")
                                .thatPasses()),
                new Change(
                        "3 to 5 members and back",
                        run -> List.of(spec("{\"replicas\":%d}", 5), spec("{\"replicas\":%d}", 3))),
                change("storage 1Gi more", run -> spec("{\"storage\":{\"size\":\"%dGi\"}}", 2 + run)));
    }

    private static Change change(String name, IntFunction<Edit> edit) {
        return new Change(name, run -> List.of(edit.apply(run)));
    }

    private static Edit spec(String format, Object value) {
        return Edit.spec("", Edit.Cost.NOTHING, format.formatted(value));
    }

    private static String memory(int run) {
        return (5 + run) + "MB";
    }

    @ParameterizedTest
    @MethodSource("changes")
    void timeAndGap(Change change) {
        List<Duration> times = new ArrayList<>();
        List<Duration> gaps = new ArrayList<>();
        int unclean = 0;
        for (int run = 0; run < RUNS; run++) {
            Duration time = Duration.ZERO;
            Duration gap = Duration.ZERO;
            boolean clean = true;
            for (Edit edit : change.edits().apply(run)) {
                Trial.Result result = trial.perform(edit, inForce(change, run));
                time = time.plus(result.time());
                gap = Collections.max(List.of(gap, result.gap()));
                clean &= result.verdict().clean();
            }
            times.add(time);
            gaps.add(gap);
            unclean += clean ? 0 : 1;
        }
        System.out.printf(
                Locale.ROOT,
                "BENCH | %s | %d | %s | %s | %d |%n",
                change.name(),
                RUNS,
                spread(times),
                spread(gaps),
                unclean);
    }

    /** A reload is seen by asking the servers alone. */
    private BooleanSupplier inForce(Change change, int run) {
        return change.name().equals("runtime parameter")
                ? () -> cluster.pods().stream()
                        .allMatch(pod -> cluster.sql(pod.getMetadata().getName(), "SHOW work_mem")
                                .equals(memory(run)))
                : () -> true;
    }

    private static String spread(List<Duration> values) {
        List<Double> sorted =
                values.stream().sorted().map(value -> value.toMillis() / 1000.0).toList();
        return String.format(
                Locale.ROOT, "%.1f | %.1f | %.1f", sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }
}
