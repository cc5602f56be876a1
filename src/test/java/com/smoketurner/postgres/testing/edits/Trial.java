package com.smoketurner.postgres.testing.edits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.user.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A cluster that is edited again and again, with a client that writes meanwhile. */
public final class Trial {

    /** Patroni's loop, the time ahead of a restart that is asked for, and a reconciliation fit in. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Cluster cluster;
    private Manifest manifest;
    private boolean settled;

    public Trial(Cluster cluster, Manifest manifest) {
        this.cluster = cluster;
        this.manifest = manifest;
    }

    /**
     * What one edit did.
     *
     * @param plan what the plan said before; absent where there is no manifest to plan
     * @param gap the longest time without an acknowledged write
     * @param time until nothing was going on any more
     * @param verdict what became of the rows written meanwhile
     */
    public record Result(
            @Nullable JsonNode plan,
            SortedSet<String> members,
            String formerPrimary,
            SortedSet<String> servers,
            SortedSet<String> containers,
            SortedSet<String> pods,
            long switchovers,
            Duration gap,
            Duration time,
            History.Verdict verdict) {

        /** One line of the table. */
        public String row(Edit edit) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %d | %.1f s |",
                    edit.name(),
                    count(servers),
                    count(containers),
                    count(pods),
                    switchovers,
                    gap.toMillis() / 1000.0);
        }

        private String count(SortedSet<String> which) {
            return which.isEmpty() ? "0" : "%d of %d".formatted(which.size(), members.size());
        }

        /** What the edit is allowed, and what its plan said, is what happened. */
        public void judge(Edit edit) {
            assertThat(servers)
                    .as("servers that restarted")
                    .isEqualTo(whom(edit.cost().servers()));
            assertThat(containers)
                    .as("containers that restarted")
                    .isEqualTo(whom(edit.cost().containers()));
            assertThat(pods).as("new pods").isEqualTo(whom(edit.cost().pods()));
            assertThat(switchovers).as("switchovers").isEqualTo(edit.cost().switchovers());
            verdict.orThrow();
            if (plan != null) {
                assertThat(planned("serverRestarts")).as("planned: %s", plan).isEqualTo(servers);
                assertThat(planned("containerRestarts")).as("planned: %s", plan).isEqualTo(containers);
                assertThat(planned("newPods")).as("planned: %s", plan).isEqualTo(pods);
                assertThat(plan.path("switchovers").asLong())
                        .as("planned: %s", plan)
                        .isEqualTo(switchovers);
            }
        }

        private SortedSet<String> planned(String what) {
            var names = new TreeSet<String>();
            Objects.requireNonNull(plan).path(what).forEach(name -> names.add(name.asText()));
            names.retainAll(members);
            return names;
        }

        private SortedSet<String> whom(Edit.Whom whom) {
            return switch (whom) {
                case NOBODY -> new TreeSet<>();
                case ALL -> members;
                case FORMER_PRIMARY -> new TreeSet<>(Set.of(formerPrimary));
            };
        }
    }

    /** Performs an edit that is taken, and waits until nothing is going on any more. */
    public Result perform(Edit edit) {
        return perform(edit, () -> true);
    }

    /**
     * The same.
     *
     * @param done what has to be so besides, before the edit counts as carried out
     */
    public Result perform(Edit edit, BooleanSupplier done) {
        prepare(edit);
        Manifest next = next(edit);
        JsonNode plan = edit.patch() == null ? null : Json.parse(planned(next).out());
        Facts before = Facts.of(cluster);
        settled = false;
        try (var writer = Writer.start(cluster, before.leader(), null)) {
            Instant begin = Instant.now();
            if (edit.patch() == null) {
                type(edit, before.leader());
            } else {
                cluster.namespace().apply(next.text());
                manifest = edit.passing() ? manifest : next;
            }
            Instant end = settle(() -> done.getAsBoolean() && begun(edit, before));
            writer.awaitWriteAfter(end);
            History history = writer.stop();
            Facts after = Facts.of(cluster);
            var verdict = history.judge(writer.stored(after.leader()));
            var members = new TreeSet<>(before.members().keySet());
            members.retainAll(after.members().keySet());
            return new Result(
                    plan,
                    members,
                    before.leader(),
                    before.servers(after),
                    before.containers(after),
                    before.pods(after),
                    after.transitions() - before.transitions(),
                    history.longestGap(begin).length(),
                    Duration.between(begin, end.isBefore(begin) ? begin : end),
                    verdict);
        }
    }

    /** On a busy machine the quiet before an edit shows may be as long as the one after it. */
    private boolean begun(Edit edit, Facts before) {
        return edit.cost().equals(Edit.Cost.NOTHING) || !before.equals(Facts.of(cluster));
    }

    /** The plan, or the refusal; what has no answer, because a member gave none in time, is asked again. */
    private Command.Result planned(Manifest next) {
        return Waiting.until(
                "the plan is made",
                Waiting.SHORT,
                () -> plan(next),
                plan -> !plan.out().isBlank());
    }

    /** Tries an edit that is refused: the plan says so, and no member notices. */
    public void refused(Edit edit) {
        settleOnce();
        Manifest next = next(edit);
        Command.Result plan = planned(next);
        assertThat(plan.exit()).as("%s", plan.all()).isEqualTo(1);
        Facts before = Facts.of(cluster);
        settled = false;
        if (cluster.namespace().tryApply(next).ok()) {
            Waiting.until(
                    "the operator declines it",
                    Waiting.SHORT,
                    () -> cluster.condition("ConfigurationValid"),
                    c -> c != null && "False".equals(c.status()));
            cluster.namespace().apply(manifest.text());
        }
        settle();
        assertThat(Facts.of(cluster)).isEqualTo(before);
    }

    /** What {@code kubectl pgc-plan} says of a manifest. */
    public Command.Result plan(Manifest next) {
        String namespace = cluster.namespace().name();
        String kubeconfig = cluster.namespace().lab().kubeconfig().toString();
        return PlanRun.of(next, List.of("-f", "-", "-o", "json", "-n", namespace, "--kubeconfig", kubeconfig));
    }

    private Manifest next(Edit edit) {
        String patch = edit.patch();
        if (patch == null) {
            return manifest;
        }
        ObjectNode copy = (ObjectNode) manifest.json();
        Json.merge(copy, Json.parse(patch));
        return Manifest.of(copy.toString());
    }

    private void type(Edit edit, String primary) {
        cluster.namespace()
                .kubectl(edit.command().stream()
                        .map(word -> word.equals("CLUSTER") ? cluster.name() : word.equals("PRIMARY") ? primary : word)
                        .toArray(String[]::new))
                .orThrow();
    }

    private void lead(String member) {
        String leader = Failover.leader(cluster);
        if (!leader.equals(member)) {
            cluster.exec(leader, "patronictl", "switchover", "--candidate", member, "--force")
                    .orThrow();
            Waiting.until(member + " leads", Waiting.SHORT, () -> Failover.leader(cluster), member::equals);
            settle();
        }
    }

    /** Sees to it that nothing is going on, and that the right member leads. */
    public void prepare(Edit edit) {
        settleOnce();
        Integer ordinal = edit.primary();
        if (ordinal != null) {
            lead(cluster.name() + "-" + ordinal);
        }
    }

    /** How the members look from outside, which each step of a change makes different. */
    public String glance() {
        return Facts.glance(cluster);
    }

    /** After an edit that was seen to its end nothing is going on. */
    private void settleOnce() {
        if (!settled) {
            settle();
        }
    }

    /** Waits until the cluster is whole and stays so for a while; returns since when it has been. */
    private Instant settle() {
        return settle(() -> true);
    }

    private Instant settle(BooleanSupplier done) {
        int replicas = manifest.json().at("/spec/replicas").asInt();
        var quiet = new Object() {
            String glance = "";
            Instant since = Instant.now();
        };
        Waiting.until(
                "nothing is going on in " + cluster.name(),
                LIMIT,
                () -> {
                    boolean whole = Facts.whole(cluster, replicas) && (!quiet.glance.isEmpty() || done.getAsBoolean());
                    String now = whole ? Facts.glance(cluster) : "";
                    if (now.isEmpty() || !now.equals(quiet.glance)) {
                        quiet.glance = now;
                        quiet.since = Instant.now();
                    }
                    return quiet;
                },
                q -> !q.glance.isEmpty() && q.since.plus(QUIET).isBefore(Instant.now()));
        settled = true;
        return quiet.since;
    }
}
