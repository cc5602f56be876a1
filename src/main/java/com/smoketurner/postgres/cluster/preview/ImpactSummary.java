package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.RolloutMember;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What all steps together do to the members.
 *
 * @param servers members whose PostgreSQL restarts, including a former primary
 * @param containers members whose container restarts in its pod
 * @param pods members whose pod is recreated
 * @param joined members that are added
 * @param removed members that are removed
 */
public record ImpactSummary(
        SortedSet<String> servers,
        SortedSet<String> containers,
        SortedSet<String> pods,
        SortedSet<String> joined,
        SortedSet<String> removed,
        int switchovers) {
    public ImpactSummary {
        servers = Collections.unmodifiableSortedSet(new TreeSet<>(servers));
        containers = Collections.unmodifiableSortedSet(new TreeSet<>(containers));
        pods = Collections.unmodifiableSortedSet(new TreeSet<>(pods));
        joined = Collections.unmodifiableSortedSet(new TreeSet<>(joined));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    }

    static ImpactSummary of(RolloutState start, String cluster, List<Action> steps) {
        var servers = new TreeSet<String>();
        var containers = new TreeSet<String>();
        var pods = new TreeSet<String>();
        var joined = new TreeSet<String>();
        var removed = new TreeSet<String>();
        int switchovers = 0;
        String leader = start.primary().map(RolloutMember::name).orElse("");
        int members = start.applied();
        for (Action step : steps) {
            switch (step) {
                case Action.RestartServer(String name) -> servers.add(name);
                case Action.RestartContainer(String name) -> {
                    servers.add(name);
                    containers.add(name);
                }
                case Action.Recreate(String name) -> {
                    servers.add(name);
                    pods.add(name);
                    if (name.equals(leader) && members > 1) {
                        switchovers++; // It shuts down cleanly, and another member is promoted before it is back.
                    }
                }
                case Action.Switchover switchover -> {
                    servers.add(switchover.leader());
                    leader = switchover.candidate();
                    switchovers++;
                }
                case Action.Scale(int count) -> {
                    joined.addAll(names(cluster, members, count));
                    removed.addAll(names(cluster, count, members));
                    members = count;
                }
                case Action.Done _, Action.Wait _, Action.Resize _ -> {}
            }
        }
        servers.removeAll(removed);
        return new ImpactSummary(servers, containers, pods, joined, removed, switchovers);
    }

    /** Members by ordinal. */
    static List<String> names(String cluster, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(ordinal -> cluster + "-" + ordinal)
                .toList();
    }

    /** Whether clients can notice it. */
    public boolean disturbs() {
        return switchovers > 0 || !servers.isEmpty() || !removed.isEmpty();
    }

    /** One sentence for the plan. */
    public String text() {
        List<String> parts = new ArrayList<>();
        add(parts, "server restarts", servers);
        add(parts, "container restarts", containers);
        add(parts, "new pods", pods);
        add(parts, "members added", joined);
        add(parts, "members removed", removed);
        if (switchovers > 0) {
            parts.add("switchovers: " + switchovers);
        }
        return parts.isEmpty() ? "no disruption" : String.join("; ", parts);
    }

    private static void add(List<String> parts, String what, SortedSet<String> members) {
        if (!members.isEmpty()) {
            parts.add("%s: %s".formatted(what, String.join(", ", members)));
        }
    }
}
