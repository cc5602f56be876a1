package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.ObjectEvent;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String QUOTA =
            "pods \"c-2\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2";

    private static ObjectEvent failed(String pod, String error, int secondsAgo) {
        return new ObjectEvent(
                true,
                "FailedCreate",
                "create Pod %s in StatefulSet c failed error: %s".formatted(pod, error),
                NOW.minusSeconds(secondsAgo));
    }

    private static ObjectEvent created(String pod, int secondsAgo) {
        return new ObjectEvent(
                false,
                "SuccessfulCreate",
                "create Pod %s in StatefulSet c successful".formatted(pod),
                NOW.minusSeconds(secondsAgo));
    }

    private static String said(List<String> missing, ObjectEvent... events) {
        return Refusals.ofPods(missing, List.of(events)).orElse("");
    }

    @Test
    void theWordsOfTheQuotaAreQuoted() {
        assertThat(Refusals.ofPods(List.of("c-2"), List.of(created("c-1", 100), failed("c-2", QUOTA, 5))))
                .contains("pod c-2 cannot be created (FailedCreate): " + QUOTA);
    }

    @Test
    void whatOnlyRepeatsItselfIsSaidInTheSameWords() {
        var first = failed("c-2", QUOTA, 30);
        var summed = new ObjectEvent(
                true, first.reason(), "(combined from similar events): " + first.note(), NOW.minusSeconds(3));
        assertThat(said(List.of("c-2"), first, summed)).isEqualTo(said(List.of("c-2"), first));
    }

    @Test
    void aClaimThatCannotBeMadeKeepsItsPodAway() {
        var claim = new ObjectEvent(
                true,
                "FailedCreate",
                "create Claim data-c-2 Pod c-2 in StatefulSet c failed error: persistentvolumeclaims \"data-c-2\" is"
                        + " forbidden: maximum storage usage per PersistentVolumeClaim is 500Mi, but request is 1Gi",
                NOW.minusSeconds(2));
        assertThat(said(List.of("c-2"), claim)).contains("pod c-2", "maximum storage usage", "500Mi");
    }

    @Test
    void afterASuccessAnOlderFailureIsOver() {
        assertThat(said(List.of("c-2"), failed("c-2", QUOTA, 60), created("c-2", 30)))
                .isEmpty();
        assertThat(said(List.of("c-2"), failed("c-2", QUOTA, 30), created("c-2", 30)))
                .as("in the same second")
                .isEmpty();
        assertThat(said(List.of("c-2"), failed("c-2", QUOTA, 10), created("c-2", 30)))
                .contains("exceeded quota");
    }

    @Test
    void anotherPodsEventsSayNothing() {
        assertThat(said(List.of("c-1"), failed("c-10", "no", 5), failed("c-11", "no", 5)))
                .isEmpty();
        assertThat(said(List.of("c-1", "c-10"), failed("c-10", "no", 5))).contains("c-10");
        assertThat(said(List.of("c-1", "c-2"), failed("c-2", "no", 5), failed("c-1", "no", 9)))
                .as("the first of several")
                .contains("c-1");
    }

    @Test
    void whoeverProvisionsVolumesIsQuoted() {
        var normal = new ObjectEvent(false, "ExternalProvisioning", "waiting for a volume", NOW);
        var waits = new ObjectEvent(false, "WaitForFirstConsumer", "waiting for first consumer", NOW);
        assertThat(Refusals.ofClaim("data-c-0", List.of(normal, waits))).isEmpty();
        var failed = new ObjectEvent(true, "ProvisioningFailed", "no capacity left in zone a ", NOW.minusSeconds(9));
        assertThat(Refusals.ofClaim("data-c-0", List.of(normal, failed)))
                .contains("PersistentVolumeClaim data-c-0 is Pending (ProvisioningFailed): no capacity left in zone a");
        var none = new ObjectEvent(false, "FailedBinding", "no storage class is set", NOW);
        assertThat(Refusals.ofClaim("data-c-0", List.of(none)))
                .contains("PersistentVolumeClaim data-c-0 is Pending (FailedBinding): no storage class is set");
    }

    private static ClusterView run(
            int replicas, int incompleteFor, List<PersistentVolumeClaim> claims, int... present) {
        PostgresCluster cluster = Clusters.cluster("replicas: 3");
        cluster.getMetadata().setName("c");
        cluster.setStatus(PostgresClusterStatus.builder()
                .conditions(List.of(new Condition(
                        "ReplicasReady",
                        "False",
                        "WaitingForReplicas",
                        "",
                        NOW.minusSeconds(incompleteFor).toString(),
                        1L)))
                .build());
        var set = new StatefulSetBuilder()
                .withNewMetadata()
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
        List<Member> members = Arrays.stream(present)
                .mapToObj(ordinal -> Members.member(ordinal, ordinal == 0, true).build())
                .toList();
        return Runs.of(
                cluster,
                Observed.members(members)
                        .statefulSet(Optional.of(set))
                        .claims(claims)
                        .build(),
                NOW);
    }

    @Test
    void nothingIsReadWhileNoPodIsMissingForLong() {
        assertThat(Refusals.podsMissing(run(3, 60, List.of(), 0, 1, 2))).isEmpty();
        assertThat(Refusals.podsMissing(run(3, 2, List.of(), 0, 1))).isEmpty();
        assertThat(Refusals.podsMissing(run(3, 6, List.of(), 0, 2))).containsExactly("c-1");
        assertThat(Refusals.podsMissing(run(4, 6, List.of(), 0, 2))).containsExactly("c-1", "c-3");
    }

    private static PersistentVolumeClaim claim(int ordinal, String phase, String created) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-c-" + ordinal)
                .withCreationTimestamp(created)
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }

    @Test
    void claimsOfMembersThatArePendingAreAskedAbout() {
        var claims = List.of(
                claim(0, "Bound", "2026-03-01T11:00:00Z"),
                claim(1, "Pending", "2026-03-01T11:59:58Z"),
                claim(2, "Pending", "2026-03-01T11:59:50Z"),
                claim(3, "Pending", "2026-03-01T11:00:00Z"));
        assertThat(Refusals.claimsPending(run(3, 60, claims, 0, 1, 2)))
                .extracting(claim -> claim.getMetadata().getName())
                .as("neither one that has just been made nor one of a member that is gone")
                .containsExactly("data-c-2");
    }
}
