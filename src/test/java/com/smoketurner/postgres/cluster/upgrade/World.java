package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster of three in which each request is carried out at once, and whose parts can fail. */
final class World {
    static final String OLD = "7000000000000000015";
    static final String NEW = "7000000000000000016";

    final List<UpgradeAction> actions = new ArrayList<>();
    final Map<String, String> reports = new HashMap<>();
    final Set<String> former = new HashSet<>();
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    String wanted = "16";
    String running = "15";
    String system = OLD;
    boolean paused;

    @Nullable
    String leader = "c-0";

    /** How many replicas have everything. */
    int complete = 2;

    /** The pod of the member is gone. */
    boolean away;

    /** How the conversion ends. */
    String conversion = "Ready";

    /** How it is taken back. */
    String abort = "Aborted";

    @Nullable
    VersionUpgrade shown;

    private ClusterView view() {
        PostgresCluster cluster = Clusters.withSpec(
                "version: \"%s\"\nreplicas: 3\nimage: image\nstorage: {size: 1Gi}\n".formatted(wanted));
        cluster.setStatus(PostgresClusterStatus.builder()
                .currentVersion(running)
                .versionUpgrade(shown)
                .build());
        ClusterView bare = Runs.of(cluster, Observed.members().build(), now);
        String hash = Objects.requireNonNull(
                bare.podTemplate().getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH));
        List<Member> members = new ArrayList<>();
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            if (!away || ordinal != 0) {
                members.add(member(ordinal, hash));
            }
        }
        String config = "{\"ttl\":20%s}".formatted(paused ? ",\"pause\":true" : "");
        Observed observed = Observed.members(members)
                .config(Optional.of(new EndpointsBuilder()
                        .withNewMetadata()
                        .withAnnotations(Map.of("initialize", system, "config", config))
                        .endMetadata()
                        .build()));
        return Runs.of(cluster, (leader == null ? observed : observed.leader(leader, now)).build(), now);
    }

    private Member member(int ordinal, String hash) {
        String name = "c-" + ordinal;
        Map<String, String> annotations = new HashMap<>();
        String report = former.contains(name) ? "{\"state\":\"Waiting\",\"waiting\":true}" : reports.get(name);
        if (report != null) {
            annotations.put(Annotations.UPGRADE, report);
        }
        boolean leads = name.equals(leader);
        if (paused) {
            annotations.put(
                    "status",
                    "{\"state\":\"running\",\"role\":\"%s\",\"pause\":true%s}"
                            .formatted(
                                    leads ? "primary" : "replica",
                                    leads ? "" : ",\"replication_state\":\"streaming\""));
        }
        return Members.member(ordinal, leads, !former.contains(name))
                .hash(hash)
                .annotated(annotations)
                .build();
    }

    Optional<UpgradePlan> plan() {
        return UpgradePlanner.of(new UpgradeFacts(view(), Optional.empty()));
    }

    /**
     * One reconciliation.
     *
     * @param noted whether the operator lives long enough to write its status
     * @return whether anything is left to do
     */
    boolean reconcile(boolean noted) {
        Optional<UpgradePlan> plan = plan();
        plan.ifPresent(next -> {
            if (!(next.action() instanceof UpgradeAction.Wait)) {
                actions.add(next.action());
            }
            carryOut(next);
            if (noted) {
                shown = next.upgrade();
            }
        });
        now = now.plusSeconds(plan.isPresent() && plan.get().action() instanceof UpgradeAction.Wait ? 60 : 1);
        return plan.filter(next -> !next.state().over()).isPresent();
    }

    /** Goes on until nothing is left to do. */
    void settle() {
        int rounds = 0;
        while (reconcile(true)) {
            if (++rounds > 100) {
                throw new AssertionError("it does not end: " + plan() + " after " + actions);
            }
        }
    }

    private void report(String member, String id, String state, String more) {
        reports.put(member, "{\"id\":\"%s\",\"state\":\"%s\",\"at\":\"%s\"%s}".formatted(id, state, now, more));
    }

    private void carryOut(UpgradePlan plan) {
        String id = plan.upgrade().id();
        String stopped = ",\"stoppedAt\":\"%s\",\"lsn\":\"0/30000D8\",\"complete\":%d,\"from\":\"15\",\"to\":\"16\""
                .formatted(now, complete);
        switch (plan.action()) {
            case UpgradeAction.Wait() -> {}
            case UpgradeAction.Check(String member) -> report(member, id, "Checked", "");
            case UpgradeAction.Pause() -> paused = true;
            case UpgradeAction.Stop(String member) -> {
                report(member, id, "Stopped", stopped);
                leader = null;
            }
            case UpgradeAction.Convert(String member, String lsn) ->
                report(
                        member,
                        id,
                        conversion,
                        stopped
                                + (conversion.equals("Ready")
                                        ? ",\"systemIdentifier\":\"%s\"".formatted(NEW)
                                        : ",\"message\":\"no\""));
            case UpgradeAction.Open(String systemId) -> {
                system = systemId;
                paused = false;
                running = "16";
                leader = "c-0";
                former.addAll(List.of("c-1", "c-2"));
            }
            case UpgradeAction.Abort(String member) -> report(member, id, abort, ",\"message\":\"no\"");
            case UpgradeAction.Resume() -> {
                paused = false;
                boolean usable = !away && !String.valueOf(reports.get("c-0")).contains("Unusable");
                leader = usable ? "c-0" : "c-1";
            }
            case UpgradeAction.Discard(String member, String major) -> former.remove(member);
            case UpgradeAction.Analyze(String member) -> report(member, id, "Analyzed", stopped);
            case UpgradeAction.CleanUp(String member) -> report(member, id, "Finished", stopped);
        }
    }
}
