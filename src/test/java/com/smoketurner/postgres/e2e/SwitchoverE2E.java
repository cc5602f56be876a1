package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people ask for in a cluster's annotations: switchovers, restarts, a pause. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Alone("the operator is killed")
class SwitchoverE2E {
    private static final String NAME = "wish";

    private final Cluster cluster;

    SwitchoverE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster(NAME).replicas(3)).awaitPhase("Running");
    }

    private void annotate(String key, String value) {
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, "--overwrite", Project.GROUP + "/" + key + "=" + value)
                .orThrow();
    }

    private JsonNode annotations() {
        return cluster.json().path("metadata").path("annotations");
    }

    private void awaitNoWish() {
        Waiting.until(
                "the wish and the note about it are gone",
                Waiting.LONG,
                this::annotations,
                a -> !a.has(Project.GROUP + "/switchover") && !a.has(Project.GROUP + "/switchover-accepted"));
    }

    private void awaitStreaming() {
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    private long transitions() {
        return Long.parseLong(PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), NAME, "transitions"));
    }

    private List<String> uids() {
        return cluster.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    @Test
    @Order(1)
    void toANamedMemberWithoutAnyOtherPhase() {
        awaitStreaming();
        String target = cluster.primary().equals("wish-2") ? "wish-1" : "wish-2";
        long before = transitions();
        try (var phases = new PhaseWatch(cluster)) {
            annotate("switchover", target);
            awaitNoWish();
            assertThat(Failover.leader(cluster)).isEqualTo(target);
            awaitStreaming();
            assertThat(phases.seen()).containsOnly("Running");
        }
        assertThat(transitions() - before).isEqualTo(1);
        assertThat(cluster.eventCount("SwitchoverStarted")).isEqualTo(1);
        // The wish, whose end has been waited for, goes before the event is sent and the status written.
        cluster.awaitEvent("SwitchoverCompleted");
        assertThat(cluster.eventCount("SwitchoverCompleted")).isEqualTo(1);
        Waiting.until("the status follows", Waiting.SHORT, cluster::primary, target::equals);
    }

    /** Killed as soon as the switchover has been written down, the operator does it once. */
    @Test
    @Order(2)
    void toAnyMemberOnceInSpiteOfACrash() {
        awaitStreaming();
        String primary = cluster.primary();
        long before = transitions();
        boolean done;
        do {
            int failed = cluster.eventCount("SwitchoverFailed");
            annotate("switchover", "auto");
            Waiting.until(
                    "whom auto means is written down",
                    Waiting.SHORT,
                    this::annotations,
                    a -> a.has(Project.GROUP + "/switchover-accepted"));
            new Operator(cluster.namespace().lab(), cluster.namespace().client()).kill();
            awaitNoWish();
            done = transitions() != before;
            if (!done) {
                // A wish stands for a minute, in which the next operator may not have come to lead; it says so then.
                Waiting.until(
                        "nobody leads in time, and it is said",
                        Waiting.SHORT,
                        () -> cluster.eventCount("SwitchoverFailed"),
                        count -> count > failed);
            }
        } while (!done);
        cluster.awaitPrimaryOtherThan(primary);
        awaitStreaming();
        assertThat(transitions() - before).isEqualTo(1);
    }

    @Test
    @Order(3)
    void toNobodyWhoCannot() {
        String primary = cluster.primary();
        annotate("switchover", "wish-9");
        awaitNoWish();
        Waiting.until(
                "why is told",
                Waiting.SHORT,
                cluster::events,
                events -> events.stream()
                        .filter(event -> "SwitchoverFailed".equals(event.getReason()))
                        .anyMatch(event -> event.getMessage().contains("there is no member wish-9")));
        assertThat(cluster.primary()).isEqualTo(primary);
    }

    @Test
    @Order(4)
    void aRestartIsOneRollout() {
        List<String> before = uids();
        long transitions = transitions();
        annotate("restart", "1");
        Waiting.until(
                "all members are new pods",
                Waiting.LONG,
                this::uids,
                now -> now.size() == 3 && now.stream().noneMatch(before::contains));
        awaitStreaming();
        assertThat(transitions() - transitions).isEqualTo(1);
        List<String> after = uids();
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, Project.GROUP + "/restart-")
                .orThrow();
        // What follows in the same queue shows that the removal has been looked at.
        annotate("switchover", "wish-9");
        awaitNoWish();
        awaitStreaming();
        assertThat(uids()).isEqualTo(after);
    }

    @Test
    @Order(5)
    @Acceptance(212)
    void aPauseChangesNothing() {
        List<String> before = uids();
        annotate("pause", "true");
        cluster.awaitCondition("Progressing", "False", "Paused");
        cluster.patch("{\"spec\":{\"replicas\":2,\"resources\":{\"requests\":{\"cpu\":\"60m\"}}}}");
        var left = Waiting.until(
                "what is left is said",
                Waiting.SHORT,
                () -> cluster.awaitCondition("Progressing", "False", "Paused").message(),
                message -> message.contains("3 of 2 members"));
        assertThat(left).contains("wish-0");
        // A member that is lost meanwhile comes back: that is not the operator's work.
        Pod last = cluster.pods().getLast();
        cluster.namespace().client().resource(last).delete();
        Waiting.until(
                "there is another in its place",
                Waiting.LONG,
                this::uids,
                now -> now.size() == 3 && !now.contains(last.getMetadata().getUid()));
        Failover.awaitStreaming(cluster, 2);
        assertThat(uids()).startsWith(before.get(0), before.get(1)).hasSize(3);
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, Project.GROUP + "/pause-")
                .orThrow();
        Waiting.until("it goes on", Waiting.LONG, this::uids, now -> now.size() == 2);
        cluster.awaitPhase("Running");
        String budgets = cluster.namespace()
                .kubectl("get", "pdb", "-l", Project.GROUP + "/cluster=" + NAME, "-o", "name")
                .orThrow();
        assertThat(budgets).contains(NAME + "-pdb");
    }

    @Test
    @Order(6)
    void aPausedClusterCanBeDeleted() {
        annotate("pause", "true");
        cluster.awaitCondition("Progressing", "False", "Paused");
        cluster.namespace().kubectl("delete", "pgc", NAME, "--wait=false").orThrow();
        cluster.awaitGone(Waiting.LONG);
    }
}
