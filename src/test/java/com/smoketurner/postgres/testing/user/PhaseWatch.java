package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The phases that a cluster goes through from now on, each named once in a row: {@code kubectl get pgc -w}. */
public final class PhaseWatch implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private final List<String> seen = new ArrayList<>();
    private final Function<JsonNode, String> what;
    private final Watch watch;

    public PhaseWatch(Cluster cluster) {
        this(cluster, object -> object.at("/status/phase").asText(""));
    }

    private PhaseWatch(Cluster cluster, Function<JsonNode, String> what) {
        this.what = what;
        watch = cluster.resource().watch(this);
    }

    /** Not the phases but the reasons of a condition. */
    public static PhaseWatch ofReasons(Cluster cluster, String condition) {
        return new PhaseWatch(cluster, object -> {
            Cluster.Condition present = Cluster.condition(object, condition);
            return present == null ? "" : present.reason();
        });
    }

    @Override
    public synchronized void eventReceived(Action action, GenericKubernetesResource object) {
        String now = what.apply(Json.tree(object));
        if (!now.isEmpty() && (seen.isEmpty() || !seen.getLast().equals(now))) {
            seen.add(now);
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        // What was seen so far stays; a test that misses one says so.
    }

    public synchronized List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        watch.close();
    }
}
