package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.edits.Edit;
import com.smoketurner.postgres.testing.edits.Edit.Cost;
import com.smoketurner.postgres.testing.edits.Edits;
import com.smoketurner.postgres.testing.edits.Trial;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator is killed whenever a step of a change has begun to show. The next one goes on where it was: nobody is disturbed
 * twice, one switchover remains one, and no acknowledged write is lost.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the operator is killed")
class CrashBetweenStepsE2E {
    private static final String NAME = "steps";

    private final Cluster cluster;
    private final Operator operator;
    private final Trial trial;

    CrashBetweenStepsE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
        operator = new Operator(ns.lab(), ns.client());
        trial = new Trial(cluster, Edits.start(NAME));
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Edits.start(NAME)).awaitPhase("Running");
    }

    static List<Edit> changes() {
        Edit newPods = Edit.annotation("new pods", Cost.PODS, "restart", "1");
        List<Edit> all = List.of(
                Edit.spec(
                        "restart parameter",
                        Cost.SERVERS,
                        "{\"postgresqlParams\":{\"max_prepared_transactions\":\"7\"}}"),
                Edit.spec("memory", Cost.CONTAINERS, "{\"resources\":{\"limits\":{\"memory\":\"640Mi\"}}}")
                        .onOlderKubernetes(Cost.PODS),
                newPods,
                Edit.spec("3 to 2 members, primary 2", Cost.HANDED_OVER, "{\"replicas\":2}")
                        .withPrimaryAt(2));
        return Thorough.on() ? all : List.of(newPods);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void costsTheSameWithACrashAtEachStep(Edit listed) {
        Edit edit = listed.on(cluster.namespace().client());
        trial.prepare(edit);
        var over = new AtomicBoolean();
        var crashes = CompletableFuture.supplyAsync(() -> killAtEachStep(over));
        Trial.Result result;
        try {
            result = trial.perform(edit);
        } finally {
            over.set(true);
        }
        int times = crashes.join();
        System.out.printf("%s: the operator was killed %d times%n", edit.name(), times);
        result.judge(edit);
        assertThat(times).as("crashes").isGreaterThan(1);
    }

    /** Another SIGKILL each time the members look different from before; returns how many. */
    private int killAtEachStep(AtomicBoolean over) {
        String before = trial.glance();
        int times = 0;
        while (!over.get()) {
            String seen = before;
            before = Waiting.until(
                    "the next step shows, or all are done",
                    Duration.ofMinutes(10),
                    trial::glance,
                    now -> over.get() || !now.equals(seen));
            if (!over.get()) {
                operator.kill();
                times++;
            }
        }
        return times;
    }
}
