package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A minute in which clusters are changed and made while the API server is well, and another one while it is not: the
 * second shows what is lost, and compared to the first whether requests are repeated without measure.
 */
final class RoughMinute {
    /** How many clusters are made in each of the two minutes. */
    static final int NEW = 10;

    private static final int CHANGED = 50;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Plan plan;
    private final Figures figures;
    private final KubernetesClient client;
    private final Confined operator;
    private final Population population;
    private int clusters;
    private int dead;

    RoughMinute(Plan plan, Figures figures, KubernetesClient client, Confined operator, Population population) {
        this.plan = plan;
        this.figures = figures;
        this.client = client;
        this.operator = operator;
        this.population = population;
        this.clusters = plan.clusters();
    }

    void measure() {
        try (var server = new RoughServer(client.getConfiguration().getMasterUrl())) {
            operator.stop();
            operator.start(server.address());
            operator.awaitReconciled(plan.clusters());
            ScaleBench.pause(Duration.ofSeconds(15));
            figures.put("rough.description", RoughServer.description());
            long pid = operator.pid();
            Lease before = lease();
            minute(server, "calm");
            server.rough(true);
            minute(server, "rough");
            Lease after = lease();
            figures.put("rough.alive", operator.pid() == pid);
            figures.put("rough.dead", dead);
            figures.put(
                    "rough.lease.kept",
                    Objects.equals(
                                    before.getSpec().getHolderIdentity(),
                                    after.getSpec().getHolderIdentity())
                            && Objects.equals(
                                    before.getSpec().getLeaseTransitions(),
                                    after.getSpec().getLeaseTransitions())
                            && Objects.equals(
                                    before.getSpec().getAcquireTime(),
                                    after.getSpec().getAcquireTime()));
            figures.put("rough.rss.peak", operator.peakRssMiB());
        }
    }

    /** Changes and makes clusters during a minute, then waits (with a server that is well) until all is done. */
    private void minute(RoughServer server, String name) {
        long began = System.nanoTime();
        double errors = operator.counter("postgres_operator_reconciliation_errors_total");
        population.create(clusters, clusters + NEW);
        clusters += NEW;
        int changed = Math.min(CHANGED, plan.clusters());
        for (int i = 0; i < changed; i++) {
            population.label(i, name);
            if (!operator.live()) {
                dead++;
            }
            awaitUntil(began + MINUTE.toNanos() * 2 / 3 * (i + 1) / changed);
        }
        awaitUntil(began + MINUTE.toNanos());
        List<RoughServer.Seen> seen = server.since(began);
        server.rough(false);
        Instant well = Instant.now();
        figures.put(name + ".late", behind(changed, name));
        Waiting.until("nothing is lost", Duration.ofMinutes(10), () -> behind(changed, name), left -> left == 0);
        figures.put(name + ".recovered.seconds", ScaleBench.since(well));
        figures.put(name + ".lost", behind(changed, name));
        // A little longer, for what was put off; then it must be as quiet as ever.
        ScaleBench.pause(Duration.ofSeconds(30));
        long quiet = System.nanoTime();
        ScaleBench.pause(Duration.ofSeconds(20));
        figures.put(
                name + ".after",
                server.since(quiet).stream().filter(s -> !s.ofLease()).count());
        figures.put(name + ".total", server.since(began).size());
        put(name, seen);
        figures.put(name + ".errors", operator.counter("postgres_operator_reconciliation_errors_total") - errors);
    }

    private void put(String name, List<RoughServer.Seen> seen) {
        figures.put(name + ".requests", seen.size());
        figures.put(
                name + ".peak",
                seen.stream()
                        .collect(Collectors.groupingBy(s -> s.nanos() / 1_000_000_000L, Collectors.counting()))
                        .values()
                        .stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0));
        Map<RoughServer.Outcome, Long> outcomes =
                seen.stream().collect(Collectors.groupingBy(RoughServer.Seen::outcome, Collectors.counting()));
        for (var outcome : RoughServer.Outcome.values()) {
            figures.put(name + "." + outcome, outcomes.getOrDefault(outcome, 0L));
        }
    }

    /** How many of the changed and made clusters are not yet as they were asked to be. */
    private long behind(int changed, String label) {
        return IntStream.range(0, clusters)
                .filter(i -> !population.runs(i) || (i < changed && !label.equals(population.labelOf(i))))
                .count();
    }

    private Lease lease() {
        return Objects.requireNonNull(client.leases()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName("postgres-operator-leader")
                .get());
    }

    private static void awaitUntil(long nanos) {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            ScaleBench.pause(Duration.ofNanos(left));
        }
    }
}
