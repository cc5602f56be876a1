package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Volumes that grow while they are in use, and those that cannot. */
@ExtendWith(EndToEnd.class)
class StorageE2E {
    private static final String SIZE = "{\"spec\":{\"storage\":{\"size\":\"%s\"}}}";
    private static final String START = "SELECT pg_postmaster_start_time()";

    private final Namespace ns;

    StorageE2E(Namespace ns) {
        this.ns = ns;
    }

    private static Manifest manifest(String name, String size) {
        return Manifest.cluster(name).replicas(2).with(size, "spec", "storage", "size");
    }

    /** What must not change: each pod, its container and the start of its server. */
    private static List<String> lives(Cluster cluster) {
        return cluster.pods().stream().map(p -> life(cluster, p)).toList();
    }

    private static String life(Cluster cluster, Pod pod) {
        return String.join(
                " ",
                pod.getMetadata().getUid(),
                pod.getStatus().getContainerStatuses().getFirst().getContainerID(),
                cluster.sql(pod.getMetadata().getName(), START));
    }

    private Map<String, String> claims(String cluster, String field) {
        var sizes = new TreeMap<String, String>();
        for (JsonNode claim : ns.list("pvc", Project.GROUP + "/cluster=" + cluster)) {
            sizes.put(claim.at("/metadata/name").asText(), claim.at(field).asText());
        }
        return sizes;
    }

    private Map<String, String> requests(String cluster) {
        return claims(cluster, "/spec/resources/requests/storage");
    }

    private Map<String, String> capacities(String cluster) {
        return claims(cluster, "/status/capacity/storage");
    }

    @Test
    @Acceptance(193)
    void volumesGrowUnderRunningServers() {
        Cluster cluster = ns.apply(manifest("grows", "320Mi").replicas(3)).awaitPhase("Running");
        cluster.patch("{\"spec\":{\"replicas\":2}}");
        Waiting.until("a member is scaled away", Waiting.LONG, cluster::pods, pods -> pods.size() == 2);
        cluster.awaitPhase("Running");
        var lives = lives(cluster);
        long before = kilobytes(cluster, "grows-0");
        // The growth may be over between two looks.
        try (var reasons = PhaseWatch.ofReasons(cluster, "StorageExpanded")) {
            cluster.patch(SIZE.formatted("400Mi"));
            Waiting.until(
                    "the volumes grow and have grown",
                    Waiting.LONG,
                    reasons::seen,
                    seen -> seen.contains("ExpansionInProgress")
                            && seen.getLast().equals("StorageUpToDate"));
        }
        cluster.awaitCondition("StorageExpanded", "True", "StorageUpToDate");
        cluster.awaitPhase("Running");
        assertThat(requests("grows"))
                .isEqualTo(Map.of("data-grows-0", "400Mi", "data-grows-1", "400Mi", "data-grows-2", "400Mi"));
        assertThat(capacities("grows")).containsEntry("data-grows-0", "400Mi").containsEntry("data-grows-1", "400Mi");
        assertThat(lives(cluster)).isEqualTo(lives);
        assertThat(kilobytes(cluster, "grows-0") - before)
                .as("80 MiB more in the file system")
                .isGreaterThan(70 * 1024);
        assertThat(cluster.eventCount("StorageExpanded")).isEqualTo(1);
        assertThat(cluster.events().stream()
                        .filter(e -> "ClusterUpdating".equals(e.getReason()))
                        .map(e -> e.getMessage()))
                .anyMatch(message -> message.contains("expanding volumes to 400Mi"));
        assertThat(cluster.status().at("/storage/capacity").asText()).isEqualTo("400Mi");

        cluster.patch("{\"spec\":{\"replicas\":4}}");
        Waiting.until(
                "later members have the new size, one of them in its old volume",
                Waiting.LONG,
                () -> capacities("grows"),
                sizes -> sizes.size() == 4 && sizes.values().stream().allMatch("400Mi"::equals));
        cluster.awaitPhase("Running");
        assertThat(lives(cluster)).containsAll(lives);
        cluster.awaitCondition("StorageExpanded", "True", "StorageUpToDate");
    }

    private static long kilobytes(Cluster cluster, String pod) {
        return Long.parseLong(cluster.exec(pod, "sh", "-c", "df -P \"$PGROOT\" | awk 'NR == 2 {print $2}'")
                .orThrow()
                .strip());
    }

    @Test
    @Acceptance(194)
    void volumesThatCannotGrowAreLeftAlone() {
        Cluster cluster = ns.apply(manifest("stays", "320Mi").with("no-expand", "spec", "storage", "storageClass"))
                .awaitPhase("Running");
        var lives = lives(cluster);
        String uid = ns.get("statefulset", "stays").at("/metadata/uid").asText();
        cluster.patch(SIZE.formatted("400Mi"));
        assertThat(cluster.awaitCondition("StorageExpanded", "False", "ExpansionNotSupported")
                        .message())
                .contains("StorageClass no-expand", "320Mi");
        JsonNode set = Waiting.until(
                "the StatefulSet is recreated for later members",
                Waiting.LONG,
                () -> ns.get("statefulset", "stays"),
                now -> now.isObject() && !now.at("/metadata/uid").asText().equals(uid));
        assertThat(set.at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("400Mi");
        assertThat(cluster.phase()).isEqualTo("Running");
        assertThat(requests("stays"))
                .containsOnly(Map.entry("data-stays-0", "320Mi"), Map.entry("data-stays-1", "320Mi"));

        cluster.patch("{\"spec\":{\"replicas\":3}}");
        Waiting.until(
                "a later member has the new size",
                Waiting.LONG,
                () -> capacities("stays"),
                sizes -> "400Mi".equals(sizes.get("data-stays-2")));
        cluster.awaitPhase("Running");
        assertThat(lives(cluster)).containsAll(lives);
        assertThat(cluster.eventCount("StorageExpansionNotSupported")).isEqualTo(1);
        assertThat(cluster.events().stream().map(e -> e.getReason())).doesNotContain("ClusterUpdating");
    }
}
