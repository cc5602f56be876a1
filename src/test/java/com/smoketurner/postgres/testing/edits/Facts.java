package com.smoketurner.postgres.testing.edits;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** What tells, compared with itself at another time, what has happened to the members of a cluster. */
public record Facts(SortedMap<String, One> members, String leader, long transitions) {

    /** One member. */
    public record One(String pod, String container, String started) {}

    public Facts {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    static Facts of(Cluster cluster) {
        var members = new TreeMap<String, One>();
        for (Pod pod : cluster.pods()) {
            String name = pod.getMetadata().getName();
            members.put(
                    name,
                    new One(
                            pod.getMetadata().getUid(),
                            container(pod),
                            cluster.sql(name, "SELECT pg_postmaster_start_time()")));
        }
        return new Facts(members, record(cluster, "leader"), Long.parseLong(record(cluster, "transitions")));
    }

    private static String record(Cluster cluster, String key) {
        return PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), cluster.name(), key);
    }

    static String container(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> "postgres".equals(status.getName()))
                .map(ContainerStatus::getContainerID)
                .map(String::valueOf)
                .findFirst()
                .orElse("");
    }

    /** Whether nothing is going on: as many members as asked for, all streaming, none waiting for anything. */
    static boolean whole(Cluster cluster, int replicas) {
        JsonNode json = cluster.json();
        long generation = json.path("metadata").path("generation").asLong();
        return "Running".equals(json.path("status").path("phase").asText())
                && json.path("status").path("observedGeneration").asLong() == generation
                && cluster.pods().size() == replicas
                && cluster.pods().stream().allMatch(Facts::calm);
    }

    /** What its Patroni says of it. */
    private static JsonNode patroni(Pod pod) {
        return Json.parse(Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), new TreeMap<String, String>())
                .getOrDefault("status", "{}"));
    }

    private static boolean calm(Pod pod) {
        JsonNode patroni = patroni(pod);
        boolean leads = "master".equals(pod.getMetadata().getLabels().get("spilo-role"));
        return pod.getMetadata().getDeletionTimestamp() == null
                && "running".equals(patroni.path("state").asText())
                && !patroni.path("pending_restart").asBoolean()
                && (leads
                        || "streaming".equals(patroni.path("replication_state").asText()))
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()))
                && pod.getStatus().getConditions().stream()
                        .noneMatch(c -> c.getType().startsWith("PodResize") && "True".equals(c.getStatus()));
    }

    /** What can be seen of it without asking the servers. */
    static String glance(Cluster cluster) {
        var seen = new StringBuilder(record(cluster, "leader"));
        for (Pod pod : cluster.pods()) {
            seen.append(' ')
                    .append(pod.getMetadata().getUid())
                    .append(container(pod))
                    .append(patroni(pod)
                            .path("scheduled_restart")
                            .path("schedule")
                            .asText());
        }
        return seen.append(cluster.json().path("metadata").path("generation")).toString();
    }

    /** Members that are there in both and of which something differs. */
    private SortedSet<String> differing(Facts later, BiPredicate<One, One> differs) {
        var names = new TreeSet<String>();
        members.forEach((name, one) -> {
            One then = later.members().get(name);
            if (then != null && differs.test(one, then)) {
                names.add(name);
            }
        });
        return names;
    }

    SortedSet<String> servers(Facts later) {
        return differing(later, (one, then) -> !one.started().equals(then.started()));
    }

    SortedSet<String> containers(Facts later) {
        return differing(
                later,
                (one, then) -> one.pod().equals(then.pod()) && !one.container().equals(then.container()));
    }

    SortedSet<String> pods(Facts later) {
        return differing(later, (one, then) -> !one.pod().equals(then.pod()));
    }
}
