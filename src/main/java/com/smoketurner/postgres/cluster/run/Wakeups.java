package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Wakes clusters that no object wakes: those whose answer to a question has come, so that no reconciliation waits for an
 * object store, and those whose backup is due.
 */
@Singleton
public final class Wakeups implements Remembers {

    private record Appointment(Instant at, Future<?> timer) {}

    private final SimpleInboundEventSource<PostgresCluster> source = new SimpleInboundEventSource<>("wakeups");
    private final List<Consumer<ResourceID>> disturbed = new CopyOnWriteArrayList<>();
    private final Map<ResourceID, Appointment> appointments = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("wakeups").factory());

    /** The event source of the controller. */
    public EventSource<?, PostgresCluster> source() {
        return source;
    }

    /** Adds who is told of each cluster that is about to be woken. */
    public void tell(Consumer<ResourceID> listener) {
        disturbed.add(listener);
    }

    /** Has the cluster reconciled soon. */
    public void wake(ResourceID cluster) {
        disturbed.forEach(listener -> listener.accept(cluster));
        source.propagateEvent(cluster);
    }

    /** Has the cluster reconciled at a time, which takes the place of the one that was set before. */
    public void wakeAt(ResourceID cluster, Instant at, Instant now) {
        appointments.compute(cluster, (id, before) -> {
            if (before != null && before.at().equals(at) && !before.timer().isDone()) {
                return before;
            }
            if (before != null) {
                before.timer().cancel(false);
            }
            long delay = Math.max(0, Duration.between(now, at).toMillis());
            return new Appointment(at, timer.schedule(() -> wake(id), delay, TimeUnit.MILLISECONDS));
        });
    }

    @Override
    public void forget(PostgresCluster cluster) {
        Appointment appointment = appointments.remove(ResourceID.fromResource(cluster));
        if (appointment != null) {
            appointment.timer().cancel(false);
        }
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }
}
