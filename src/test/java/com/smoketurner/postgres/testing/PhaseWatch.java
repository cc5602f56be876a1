package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;

/** The phases that a cluster goes through from now on, each named once in a row: {@code kubectl get pgc -w}. */
public final class PhaseWatch implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private final List<String> seen = new ArrayList<>();
    private final Watch watch;

    public PhaseWatch(Cluster cluster) {
        watch = cluster.resource().watch(this);
    }

    @Override
    public synchronized void eventReceived(Action action, GenericKubernetesResource object) {
        String phase = Json.tree(object).at("/status/phase").asText("");
        if (!phase.isEmpty() && (seen.isEmpty() || !seen.getLast().equals(phase))) {
            seen.add(phase);
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        // The phases seen so far stay; a test that misses one says so.
    }

    public synchronized List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        watch.close();
    }
}
