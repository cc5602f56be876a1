package com.smoketurner.postgres.e2e;

import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notes after each change of a pod which of them are not Ready; a deleted one is not. */
final class NotReadyCounter implements Watcher<Pod> {

    /** One member as it was seen last; taken when its end has been asked for or it has never been Ready. */
    private record Seen(String uid, boolean ready, boolean taken) {}

    private final Map<String, Seen> members = new HashMap<>();
    private final Set<String> served = new HashSet<>();
    private final List<List<Seen>> notReady = new ArrayList<>();

    @Override
    public synchronized void eventReceived(Action action, Pod pod) {
        String uid = pod.getMetadata().getUid();
        boolean there = action != Action.DELETED && pod.getMetadata().getDeletionTimestamp() == null;
        boolean ready = action != Action.DELETED
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
        if (ready) {
            served.add(uid);
        }
        members.put(pod.getMetadata().getName(), new Seen(uid, ready, !there || !served.contains(uid)));
        notReady.add(members.values().stream().filter(seen -> !seen.ready()).toList());
    }

    @Override
    public void onClose(WatcherException cause) {
        // What was noted stays.
    }

    /**
     * How many were not Ready at one time after each change, without those that nobody took away and that did not answer
     * their kubelet in time: that tells of the machine, and an answer that it is not Ready tells of the member.
     */
    synchronized List<Long> atOnce(Namespace ns) {
        Set<String> slow = slow(ns);
        return notReady.stream()
                .map(seen -> seen.stream()
                        .filter(member -> member.taken() || !slow.contains(member.uid()))
                        .count())
                .toList();
    }

    private static Set<String> slow(Namespace ns) {
        // While it starts a member answers that it is not Ready yet, so what was said last counts.
        Map<String, Event> last = ns.client().v1().events().inNamespace(ns.name()).list().getItems().stream()
                .filter(event -> "Unhealthy".equals(event.getReason()))
                .filter(event -> text(event.getMessage()).startsWith("Readiness probe failed"))
                .collect(Collectors.toMap(
                        event -> text(event.getInvolvedObject().getUid()),
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparing((Event event) -> text(event.getLastTimestamp())))));
        return last.entrySet().stream()
                .filter(pod -> late(text(pod.getValue().getMessage())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean late(String failure) {
        return failure.contains("deadline exceeded") || failure.contains("Client.Timeout");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
