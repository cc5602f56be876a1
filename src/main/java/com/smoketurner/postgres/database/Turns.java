package com.smoketurner.postgres.database;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each cluster at a time, however many PostgresDatabases it has. Who has to wait is reconciled again when it
 * is his turn, instead of keeping a worker that other resources need.
 */
@Singleton
final class Turns {

    private static final class Queue {
        private final Set<ResourceID> waiting = new LinkedHashSet<>();
        private boolean taken;
    }

    private final Map<String, Queue> clusters = new HashMap<>();
    private Consumer<ResourceID> waker = id -> {};

    /** Sets who reconciles a resource soon. */
    synchronized void wakeBy(Consumer<ResourceID> wake) {
        waker = wake;
    }

    /**
     * Takes the turn of a cluster.
     *
     * @return false when somebody else has it: then the resource is woken later
     */
    synchronized boolean begin(String cluster, ResourceID resource) {
        Queue queue = clusters.computeIfAbsent(cluster, uid -> new Queue());
        queue.waiting.remove(resource);
        if (queue.taken) {
            queue.waiting.add(resource);
            return false;
        }
        queue.taken = true;
        return true;
    }

    /** Ends a turn, and wakes who has waited longest. */
    void end(String cluster) {
        ResourceID next = pass(cluster);
        if (next != null) {
            waker.accept(next);
        }
    }

    private synchronized @Nullable ResourceID pass(String cluster) {
        Queue queue = clusters.get(cluster);
        if (queue == null) {
            return null;
        }
        queue.taken = false;
        if (queue.waiting.isEmpty()) {
            clusters.remove(cluster);
            return null;
        }
        ResourceID next = queue.waiting.iterator().next();
        queue.waiting.remove(next);
        return next;
    }
}
