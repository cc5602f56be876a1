package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster that nobody touches costs no write, and none of its replicas is ever behind. */
@ExtendWith(EndToEnd.class)
@Alone("nobody touches anything")
@Tag(Alone.NODES)
class IdleE2E {
    private static final Duration IDLE = Duration.ofMinutes(5);
    /** Watch events of the last change and the second look after it are over by then. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private final Namespace ns;

    IdleE2E(Namespace ns) {
        this.ns = ns;
    }

    /**
     * The lag is measured all the time: one that grew with the time since the last write would be beyond the threshold of
     * half a minute long before the end, which the status would say. The hour is the unit test's, which has a clock.
     */
    @Test
    @Acceptance({18, 39, 152})
    void nothingIsWrittenAndNobodyIsBehindForFiveMinutes() {
        Cluster cluster = ns.apply(Manifest.cluster("idle").replicas(3)).awaitPhase("Running");
        // What has just been made may be behind, and that it no longer is will be told.
        Waiting.until(
                "no replica is behind",
                Waiting.LONG,
                cluster::status,
                status -> status.path("replicationLag").size() == 2
                        && status.path("maxReplicationLagBytes").asLong(-1) == 0);
        Quiet quiet = fiveMinutes(cluster);
        if (!quiet.undisturbed()) {
            // On a busy machine a member may answer late, which is a change of the cluster and rightly told. Not
            // forever.
            quiet = fiveMinutes(cluster);
        }
        assertThat(quiet.after()).isEqualTo(quiet.before());
        assertThat(quiet.writes()).isEmpty();
        assertThat(lagTimes(cluster)).as("lagTime of the replicas").containsExactly("0s", "0s");
        assertThat(cluster.status().path("replicasLagging").asBoolean(true)).isFalse();
    }

    /** What there was before and after, and what the operator wrote meanwhile. */
    private record Quiet(Look before, Look after, List<AuditLog.Request> writes) {
        boolean undisturbed() {
            return before.members().equals(after.members());
        }
    }

    /**
     * What can be seen.
     *
     * @param members what is not the operator's: since when each is Ready, and how far it has come when it was measured
     */
    private record Look(Map<String, String> versions, int events, JsonNode conditions, List<String> members) {}

    private Quiet fiveMinutes(Cluster cluster) {
        // Time itself is what is tested here: there is no condition to wait for.
        LockSupport.parkNanos(SETTLING.toNanos());
        Look before = look(cluster);
        Instant since = Instant.now();
        LockSupport.parkNanos(IDLE.toNanos());
        Look after = look(cluster);
        List<AuditLog.Request> writes = new AuditLog(ns.lab().auditLog())
                .writesOfOperator(since).stream()
                        .filter(r -> r.namespace().equals(ns.name()))
                        .toList();
        return new Quiet(before, after, writes);
    }

    private Look look(Cluster cluster) {
        JsonNode status = cluster.status();
        List<String> members = Stream.concat(
                        cluster.pods().stream()
                                .flatMap(pod -> pod.getStatus().getConditions().stream())
                                .filter(condition -> "Ready".equals(condition.getType()))
                                .map(PodCondition::getLastTransitionTime),
                        Stream.of(status.path("replicationLag").toString()))
                .toList();
        return new Look(versions(), cluster.events().size(), status.path("conditions"), members);
    }

    private static List<String> lagTimes(Cluster cluster) {
        return cluster.status()
                .path("replicationLag")
                .valueStream()
                .map(entry -> entry.path("lagTime").asText())
                .toList();
    }

    /** All objects of the cluster and itself; Patroni's own records and the pods it annotates are its sign of life. */
    private Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        String label = Project.GROUP + "/cluster=idle";
        for (String type : new String[] {
            "statefulset",
            "service",
            "secret",
            "configmap",
            "serviceaccount",
            "role",
            "rolebinding",
            "pdb",
            "certificate",
            "pvc"
        }) {
            for (JsonNode item : ns.list(type, label)) {
                versions.put(
                        type + "/" + item.at("/metadata/name").asText(),
                        item.at("/metadata/resourceVersion").asText());
            }
        }
        versions.put(
                "pgc/idle",
                ns.get("pgc", "idle").at("/metadata/resourceVersion").asText());
        return versions;
    }
}
