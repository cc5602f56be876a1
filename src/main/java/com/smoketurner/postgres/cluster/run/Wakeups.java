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

    private record Key(ResourceID cluster, String occasion) {}

    private record Appointment(Instant at, Future<?> timer) {}

    private final SimpleInboundEventSource<PostgresCluster> source = new SimpleInboundEventSource<>("wakeups");
    private final List<Consumer<ResourceID>> disturbed = new CopyOnWriteArrayList<>();
    private final Map<Key, Appointment> appointments = new ConcurrentHashMap<>();
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

    /** Has the cluster reconciled at a time, which takes the place of the one that was set before for its backups. */
    public void wakeAt(ResourceID cluster, Instant at, Instant now) {
        wakeAt(cluster, "backup", at, now);
    }

    /** Has the cluster reconciled at a time, which takes the place of the one that was set before for that occasion. */
    public void wakeAt(ResourceID cluster, String occasion, Instant at, Instant now) {
        appointments.compute(new Key(cluster, occasion), (key, before) -> {
            if (before != null && before.at().equals(at) && !before.timer().isDone()) {
                return before;
            }
            if (before != null) {
                before.timer().cancel(false);
            }
            long delay = Math.max(0, Duration.between(now, at).toMillis());
            return new Appointment(at, timer.schedule(() -> wake(key.cluster()), delay, TimeUnit.MILLISECONDS));
        });
    }

    @Override
    public void forget(PostgresCluster cluster) {
        ResourceID id = ResourceID.fromResource(cluster);
        appointments.entrySet().removeIf(entry -> {
            boolean its = entry.getKey().cluster().equals(id);
            if (its) {
                entry.getValue().timer().cancel(false);
            }
            return its;
        });
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }
}
