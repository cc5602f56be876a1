package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.observe.ChangeRecorder;
import com.smoketurner.postgres.testing.standin.StandInMembers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The operator with very many clusters, on an API server without nodes: {@code bench/scale} runs it, on a lab of its own,
 * and prints what it wrote. One run is: all clusters made, nothing happens, single clusters change, the operator
 * restarts, and on request a minute of a failing API server.
 */
class ScaleBench {
    private static final Duration VERY_LONG = Duration.ofMinutes(40);

    /** How long writes that the last change caused may take to be over. */
    static final Duration SETTLE = Duration.ofSeconds(20);

    private final Plan plan = Plan.fromProperties();
    private final Figures figures = new Figures();
    private final KubernetesClient client = ApiServer.client();
    private final AuditLog audit = new AuditLog(Lab.controlPlane().auditLog());

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void measure() {
        try (var standIn = StandInMembers.start(client);
                var population = new Population(client, plan.members())) {
            population.namespaces(plan.clusters() + RoughMinute.NEW * 2);
            population.unrelatedSecrets(plan.secrets());
            var changes = ChangeRecorder.start(client);
            changes.addOurs();
            var operator = new Confined(client, standIn);
            var repositories = new StandInRepositories(client);
            try (var programs = programs(repositories)) {
                String server = programs == null ? null : programs.address();
                if (server != null) {
                    population.backUp(plan.clusters());
                }
                operator.start(server);
                create(operator, population, changes);
                idle(operator, repositories, changes);
                if (server != null) {
                    new DueTimes(plan, figures, repositories, operator, population).measure();
                }
                react(operator, population, changes);
                restart(operator, population, server);
                if (plan.rough()) {
                    new RoughMinute(plan, figures, client, operator, population).measure();
                }
                figures.put("deaths", operator.deaths());
            } finally {
                operator.kill();
                figures.write(plan.out());
            }
        }
    }

    /** In front of the API server, for programs in pods that do not run; null where none is needed. */
    private @Nullable RoughServer programs(StandInRepositories repositories) {
        return plan.backups().isEmpty()
                ? null
                : new RoughServer(client.getConfiguration().getMasterUrl(), new ExecServer(repositories));
    }

    private void create(Confined operator, Population population, ChangeRecorder changes) {
        figures.put("empty.rss", operator.rssMiB());
        Instant began = Instant.now();
        double cpu = operator.cpuSeconds();
        population.create(0, plan.clusters());
        population.awaitStatefulSets(plan.clusters(), VERY_LONG);
        figures.put("create.seconds", since(began));
        figures.put("create.cpu", operator.cpuSeconds() - cpu);
        population.awaitRunning(plan.clusters(), VERY_LONG);
        figures.put("create.running.seconds", since(began));
        pause(SETTLE);
        figures.put("create.running.cpu", operator.cpuSeconds() - cpu);
        figures.put("create.rss", operator.rssMiB());
        figures.put("create.rss.peak", operator.peakRssMiB());
        Traffic traffic = traffic(began);
        figures.put("create.objects", traffic.created());
        figures.put("create.reads", traffic.reads().size());
        figures.put("create.status", traffic.statusWrites().size());
        figures.put("create.events", traffic.events().size());
        figures.put("create.finalizers", traffic.finalizers().size());
        put("create", traffic, changes);
    }

    private void idle(Confined operator, StandInRepositories repositories, ChangeRecorder changes) {
        Instant began = Instant.now();
        double cpu = operator.cpuSeconds();
        pause(plan.idle());
        double minutes = since(began) / 60;
        figures.put("idle.cpu", (operator.cpuSeconds() - cpu) / minutes);
        figures.put("idle.rss", operator.rssMiB());
        Traffic traffic = traffic(began);
        figures.put("idle.requests", traffic.all().size() / minutes);
        figures.put("idle.lease", traffic.lease().size() / minutes);
        figures.put("idle.listings", repositories.listingsSince(began) / minutes);
        put("idle", traffic, changes);
    }

    private void react(Confined operator, Population population, ChangeRecorder changes) {
        Instant began = Instant.now();
        double cpu = operator.cpuSeconds();
        int clusters = plan.clusters();
        Reactions.measure(clusters, plan.reactions(), (i, n) -> population.retainAndWatch(i, n / clusters % 2 == 1))
                .put(figures, "react");
        pause(SETTLE);
        put("react", traffic(began), changes);
        began = Instant.now();
        Reactions.measure(clusters, plan.reactions(), (i, n) -> population.labelAndWatch(i, "value-" + n))
                .put(figures, "label");
        pause(SETTLE);
        figures.put("react.cpu", operator.cpuSeconds() - cpu);
        put("label", traffic(began), changes);
    }

    private void restart(Confined operator, Population population, @Nullable String server) {
        operator.stop();
        population.tellOfStatuses(true);
        Instant began = Instant.now();
        operator.start(server);
        figures.put("restart.ready.seconds", since(began));
        operator.awaitReconciled(plan.clusters());
        figures.put("restart.seconds", since(began));
        figures.put("restart.cpu", operator.cpuSeconds());
        pause(SETTLE);
        figures.put("restart.rss", operator.rssMiB());
        figures.put("restart.rss.peak", operator.peakRssMiB());
        figures.put("restart.running", population.running());
        Traffic traffic = traffic(began);
        figures.put("restart.requests", traffic.all().size());
        figures.put("restart.lists", traffic.lists().size());
        figures.put("restart.watches", traffic.watches().size());
        figures.put("restart.discovery", traffic.discovery().size());
        figures.put("restart.lease", traffic.lease().size());
        put("restart", traffic, null);
        population.tellOfStatuses(false);
        tellOfEvents(began);
    }

    private void tellOfEvents(Instant from) {
        client.events().v1().events().inAnyNamespace().list().getItems().stream()
                .filter(event -> Project.OPERATOR.equals(event.getReportingController()))
                .filter(event -> !Instant.parse(
                                event.getSeries() == null
                                        ? event.getEventTime().getTime()
                                        : event.getSeries()
                                                .getLastObservedTime()
                                                .getTime())
                        .isBefore(from))
                .forEach(event -> System.out.println("scale: event about "
                        + event.getRegarding().getNamespace() + "/"
                        + event.getRegarding().getName() + ": "
                        + event.getReason() + ", " + event.getNote()));
    }

    private Traffic traffic(Instant from) {
        return new Traffic(audit.allOfOperator(from, Instant.now()));
    }

    private void put(String phase, Traffic traffic, @Nullable ChangeRecorder changes) {
        figures.put(phase + ".writes", traffic.writes().size());
        figures.put(phase + ".gets", traffic.gets().size());
        figures.put(phase + ".refused", traffic.refused().size());
        if (changes != null) {
            var unchanged = changes.unchanged(traffic.writes());
            figures.put(phase + ".unchanged", unchanged.size());
            figures.put(phase + ".unchanged.table", Traffic.table(unchanged));
        }
        figures.put(phase + ".table", Traffic.table(traffic.all()));
    }

    static double since(Instant began) {
        return Duration.between(began, Instant.now()).toMillis() / 1000.0;
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
