package com.smoketurner.postgres.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Notes after each change of a pod how many of them are not Ready; a deleted one is not. */
final class NotReadyCounter implements Watcher<Pod> {
    private final Map<String, Boolean> ready = new HashMap<>();
    private final List<Integer> notReady;

    NotReadyCounter(List<Integer> notReady) {
        this.notReady = notReady;
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
        boolean is = action != Action.DELETED
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
        synchronized (notReady) {
            ready.put(pod.getMetadata().getName(), is);
            notReady.add((int) ready.values().stream().filter(r -> !r).count());
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        // What was noted stays.
    }
}
