package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClientHold;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.Wakeups;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Pauses the primary's pooler while the primary changes by plan: transactions end, new ones wait, and go on at the next primary. The
 * pods lift the pause by themselves, as soon as another primary answers them and after a deadline, so the operator only begins it.
 * What it remembers is which handovers it is about to begin; a restarted operator decides anew, and the pods go on without it.
 */
@Singleton
public final class PoolerHold implements ClientHold, Remembers {

    /** How long transactions are waited for. */
    private static final Duration BUDGET = Duration.ofSeconds(3);

    private static final int TRIES = 3;

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    /** After Patroni has refused, clients do not wait in vain again so soon. */
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

    private final PoolerProgram program;
    private final EventRecorder events;
    private final Wakeups wakeups;
    private final Clock clock;
    private final Set<String> beginning = ConcurrentHashMap.newKeySet();
    private final Set<String> holding = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    PoolerHold(PoolerProgram program, EventRecorder events, Wakeups wakeups, Clock clock) {
        this.program = program;
        this.events = events;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    /**
     * One handover.
     *
     * @param others pods of the replicas' pooler
     */
    private record Planned(
            PostgresCluster cluster,
            String candidate,
            PausePlan.Pause pause,
            List<String> others,
            ClientHold.Handover handover) {
        String namespace() {
            return cluster.getMetadata().getNamespace();
        }

        String uid() {
            return cluster.getMetadata().getUid();
        }
    }

    @Override
    public boolean underway(ClusterView view) {
        return beginning.contains(uid(view.cluster()));
    }

    /** Whether clients of a cluster are held back, or have just been. */
    boolean holds(ClusterView view) {
        return holding.contains(uid(view.cluster()));
    }

    @Override
    public boolean during(ClusterRun run, String candidate, Handover handover) {
        return switch (PausePlan.of(run.view(), candidate)) {
            case PausePlan.NotNeeded() -> false;
            case PausePlan.Skip(String why) -> {
                skipped(run.cluster(), why);
                yield false;
            }
            case PausePlan.Pause pause -> {
                Instant before = refused.get(uid(run.cluster()));
                if (before != null && run.now().isBefore(before.plus(AFTER_REFUSAL))) {
                    skipped(run.cluster(), "Patroni has refused the last switchover");
                    yield false;
                }
                List<String> others = run.observed().poolers().stream()
                        .filter(pod -> !pod.primary() && pod.serves())
                        .map(PoolerPod::name)
                        .toList();
                begin(new Planned(run.cluster(), candidate, pause, others, handover));
                yield true;
            }
        };
    }

    private void begin(Planned planned) {
        if (beginning.add(planned.uid())) {
            holding.add(planned.uid());
            Thread.ofVirtual()
                    .name("hold-" + planned.cluster().getMetadata().getName())
                    .start(() -> {
                        try {
                            hold(planned);
                        } catch (KubernetesClientException e) {
                            Log.warnf("no event about a pause of poolers: %s", e.getMessage());
                        } finally {
                            beginning.remove(planned.uid());
                            holding.remove(planned.uid());
                            wakeups.wake(ResourceID.fromResource(planned.cluster()));
                        }
                    });
        }
    }

    private void hold(Planned planned) {
        Optional<String> obstacle = pause(planned);
        try {
            planned.handover().begin();
        } catch (IOException | KubernetesClientException e) {
            refused.put(planned.uid(), clock.instant());
            planned.handover().failed();
            resume(planned, planned.pause().pods());
            Log.warnf("switchover to %s: %s; it is tried again", planned.candidate(), e.getMessage());
            return;
        } finally {
            beginning.remove(planned.uid());
        }
        if (obstacle.isPresent()) {
            skipped(planned.cluster(), obstacle.get());
        } else {
            report(planned);
        }
    }

    /** Pauses all pods; what keeps them from it when they could not be, and then none is. */
    private Optional<String> pause(Planned planned) {
        Optional<String> obstacle = Optional.empty();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            if (attempt > 1 && !waited()) {
                return obstacle;
            }
            Map<String, String> answers = program.run(
                    planned.namespace(),
                    planned.pause().pods(),
                    BUDGET,
                    "pause",
                    Long.toString(planned.pause().atMost().toSeconds()),
                    Long.toString(BUDGET.toSeconds()));
            obstacle = obstacle(answers);
            if (obstacle.isEmpty()) {
                return obstacle;
            }
            resume(planned, planned.pause().pods());
        }
        return obstacle;
    }

    /** What keeps pods from being paused; nothing when all are. */
    static Optional<String> obstacle(Map<String, String> answers) {
        return Optional.of(answers.entrySet().stream()
                        .filter(entry -> !entry.getValue().startsWith("paused "))
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; ")))
                .filter(text -> !text.isEmpty());
    }

    private static boolean waited() {
        try {
            return !new CountDownLatch(1).await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void resume(Planned planned, List<String> pods) {
        program.run(planned.namespace(), pods, Duration.ZERO, "resume");
    }

    private void report(Planned planned) {
        Duration atMost = planned.pause().atMost().plusSeconds(2);
        List<PauseReport> reports = program
                .run(planned.namespace(), planned.pause().pods(), atMost, "await", Long.toString(atMost.toSeconds()))
                .entrySet()
                .stream()
                .flatMap(entry -> PauseReport.of(entry.getKey(), entry.getValue()).stream())
                .toList();
        events.logAndRecord(
                planned.cluster(),
                EventMessage.of(EventReason.POOLER_PAUSED, PauseReport.sentence(reports, planned.candidate())),
                clock.instant());
        program.run(planned.namespace(), planned.others(), Duration.ZERO, "reconnect");
        List<String> renewed = reports.stream()
                .filter(PauseReport::renewed)
                .map(PauseReport::pod)
                .toList();
        List<String> left = planned.pause().pods().stream()
                .filter(pod -> !renewed.contains(pod))
                .toList();
        program.run(planned.namespace(), left, Reconnects.PATIENCE, "reconnect", "primary");
    }

    private void skipped(PostgresCluster cluster, String why) {
        events.logAndRecord(
                cluster,
                EventMessage.of(
                        EventReason.POOLER_PAUSE_SKIPPED, "the pooler is not paused during the switchover: " + why),
                clock.instant());
    }

    @Override
    public void forget(PostgresCluster cluster) {
        beginning.remove(uid(cluster));
        holding.remove(uid(cluster));
        refused.remove(uid(cluster));
    }

    private static String uid(PostgresCluster cluster) {
        return cluster.getMetadata().getUid();
    }
}
