package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A StatefulSet is recreated for larger volumes, and its pods do not notice. Their volumes are shown end to end. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageApiTest {
    private final Namespace ns;

    StorageApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void operator() {
        ApiServer.operator();
    }

    private static List<String> uids(Cluster cluster) {
        return cluster.pods().stream().map(p -> p.getMetadata().getUid()).toList();
    }

    private static List<String> owners(Cluster cluster) {
        return cluster.pods().stream()
                .map(Pod::getMetadata)
                .flatMap(meta -> meta.getOwnerReferences().stream())
                .map(OwnerReference::getUid)
                .toList();
    }

    private JsonNode set(String name) {
        return ns.get("statefulset", name);
    }

    private static String size(JsonNode set) {
        return set.at("/spec/volumeClaimTemplates/0/spec/resources/requests/storage")
                .asText();
    }

    private JsonNode awaitSize(String name, String size) {
        return Waiting.until(
                "the StatefulSet " + name + " has claims of " + size,
                Waiting.LONG,
                () -> set(name),
                now -> size(now).equals(size));
    }

    /** One that is still ending would be taken for the next one. */
    private static void end(OperatorProcess operator) {
        operator.terminate();
        operator.exitCode(Waiting.SHORT);
    }

    private static void awaitOwner(Cluster cluster, JsonNode set) {
        String uid = set.at("/metadata/uid").asText();
        int members = set.at("/spec/replicas").asInt();
        Waiting.until(
                "the pods belong to the new StatefulSet",
                Waiting.SHORT,
                () -> owners(cluster),
                owners -> owners.size() == members && owners.stream().allMatch(uid::equals));
    }

    @Test
    void thePodsStay() {
        Cluster cluster = ns.apply(Manifest.cluster("grows").replicas(2)).awaitPhase("Running");
        var pods = uids(cluster);
        JsonNode before = set("grows");
        cluster.patch("{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
        JsonNode after = awaitSize("grows", "2Gi");
        awaitOwner(cluster, after);
        assertThat(after.at("/spec/template")).isEqualTo(before.at("/spec/template"));
        assertThat(uids(cluster)).isEqualTo(pods);
        cluster.awaitPhase("Running");
    }

    @Test
    void anOperatorThatDiesInBetweenGoesOn() {
        Cluster cluster = ns.apply(Manifest.cluster("interrupted").replicas(2)).awaitPhase("Running");
        var pods = uids(cluster);
        end(ApiServer.operator());
        cluster.patch("{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
        ns.kubectl("delete", "statefulset", "interrupted", "--cascade=orphan", "--wait=true")
                .orThrow();
        assertThat(owners(cluster)).isEmpty();
        ApiServer.operator();
        awaitOwner(cluster, awaitSize("interrupted", "2Gi"));
        assertThat(uids(cluster)).isEqualTo(pods);
        cluster.awaitPhase("Running");
    }

    @Test
    void aDeletionInBetweenStopsThePods() {
        Cluster cluster = ns.apply(Manifest.cluster("leaves").replicas(2)).awaitPhase("Running");
        end(ApiServer.operator());
        ns.kubectl("delete", "statefulset", "leaves", "--cascade=orphan", "--wait=true")
                .orThrow();
        ns.kubectl("delete", "pgc", "leaves", "--wait=false").orThrow();
        ApiServer.operator();
        cluster.awaitGone(Waiting.LONG);
        Waiting.until("its pods are gone", Waiting.SHORT, cluster::pods, List::isEmpty);
        assertThat(ns.list("statefulset", Project.GROUP + "/cluster=leaves")).isEmpty();
    }

    /** Two members whose volumes go with the cluster, one of which is scaled away. */
    private Cluster oneScaledAway(String name) {
        Cluster cluster = ns.apply(Manifest.cluster(name).replicas(2).with("Delete", "spec", "storage", "whenDeleted"))
                .awaitPhase("Running");
        cluster.patch("{\"spec\":{\"replicas\":1}}");
        Waiting.until("a member is scaled away", Waiting.LONG, cluster::pods, pods -> pods.size() == 1);
        return cluster.awaitPhase("Running");
    }

    private void delete(Cluster cluster) {
        ns.kubectl("delete", "pgc", cluster.name(), "--wait=false").orThrow();
        cluster.awaitGone(Waiting.LONG);
    }

    @Test
    @Acceptance(47)
    void theClaimOfAMemberScaledAwayGoesWithTheCluster() {
        Cluster cluster = oneScaledAway("all-go");
        delete(cluster);
        Waiting.until("the claims are gone", Waiting.SHORT, () -> claims("all-go"), List::isEmpty);
    }

    @Test
    void claimsStayWhenThatIsAskedForInTheEnd() {
        Cluster cluster = oneScaledAway("all-stay");
        cluster.patch("{\"spec\":{\"storage\":{\"whenDeleted\":\"Retain\"}}}");
        delete(cluster);
        assertThat(claims("all-stay")).hasSize(2).allMatch(StorageApiTest::stays);
    }

    @Test
    void aStatefulSetThatIsDeletedTakesNoClaimWithIt() {
        Cluster cluster = ns.apply(
                        Manifest.cluster("by-hand").replicas(2).with("Delete", "spec", "storage", "whenDeleted"))
                .awaitPhase("Running");
        List<String> pods = uids(cluster);
        ns.kubectl("delete", "statefulset", "by-hand", "--wait=true").orThrow();
        Waiting.until(
                "there are new members",
                Waiting.LONG,
                () -> uids(cluster),
                uids -> uids.size() == 2 && uids.stream().noneMatch(pods::contains));
        cluster.awaitPhase("Running");
        assertThat(claims("by-hand")).hasSize(2).allMatch(StorageApiTest::stays);
    }

    private List<JsonNode> claims(String cluster) {
        return ns.list("pvc", Project.GROUP + "/cluster=" + cluster);
    }

    /** Neither is it being deleted nor does it go with anything. */
    private static boolean stays(JsonNode claim) {
        return claim.at("/metadata/ownerReferences").isMissingNode()
                && claim.at("/metadata/deletionTimestamp").isMissingNode();
    }
}
