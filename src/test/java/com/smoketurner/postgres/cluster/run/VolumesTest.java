package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.PodInputs;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is to be done for larger volumes, and what their growth must not change. */
class VolumesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final PostgresCluster grown = Clusters.cluster("replicas: 2", "tls: {enabled: false}");

    VolumesTest() {
        grown.getMetadata().setName("c");
    }

    private static PersistentVolumeClaimBuilder claim(String name, String requested, String capacity) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(requested)))
                .endResources()
                .endSpec()
                .withNewStatus()
                .withPhase("Bound")
                .withCapacity(Map.of("storage", new Quantity(capacity)))
                .endStatus();
    }

    private static PersistentVolumeClaim pending(String name, String since) {
        return claim(name, "1Gi", "512Mi")
                .editStatus()
                .addNewCondition()
                .withType("FileSystemResizePending")
                .withStatus("True")
                .withLastTransitionTime(since)
                .endCondition()
                .endStatus()
                .build();
    }

    private StatefulSet set(String size) {
        return StatefulSets.of(grown, Runs.SETTINGS, PodInputs.none().withClaimSize(new Quantity(size)));
    }

    private ClusterView run(Optional<StatefulSet> set, List<PersistentVolumeClaim> claims, Member... members) {
        var observed = Observed.members(members).statefulSet(set).claims(claims).build();
        return Runs.of(grown, observed, NOW);
    }

    private static Member member(int ordinal) {
        return Members.member(ordinal, ordinal == 0, true).build();
    }

    private static List<String> names(List<PersistentVolumeClaim> claims) {
        return claims.stream().map(Volumes::name).toList();
    }

    @Test
    @Acceptance(193)
    void everyClaimIsRaisedAndOnlyThoseInUseAreWaitedFor() {
        var claims = List.of(
                claim("data-c-0", "1Gi", "1Gi").build(),
                claim("data-c-1", "1Gi", "512Mi").build(),
                claim("data-c-2", "512Mi", "512Mi").build(),
                claim("data-c-3", "2Gi", "2Gi").build(),
                claim("data-c-other", "512Mi", "512Mi").build(),
                claim("backup-c-0", "512Mi", "512Mi").build(),
                claim("data-c-4", "512Mi", "512Mi")
                        .editMetadata()
                        .withDeletionTimestamp("2026-03-01T11:59:00Z")
                        .endMetadata()
                        .build(),
                claim("data-c-5", "512Mi", "512Mi")
                        .editStatus()
                        .withPhase("Pending")
                        .endStatus()
                        .build());
        var volumes = Volumes.of(run(Optional.of(set("512Mi")), claims, member(0), member(1)));
        assertThat(names(volumes.tooSmall())).containsExactly("data-c-2");
        assertThat(names(volumes.growing())).containsExactly("data-c-1");
        assertThat(volumes.templateOutdated()).isTrue();
        assertThat(volumes.smallest()).contains(new Quantity("512Mi"));
        assertThat(volumes.progress()).isEqualTo("expanding volumes to 1Gi: data-c-1 has 512Mi");
    }

    @Test
    void aVolumeOfTheSizeInOtherWordsIsNoGrowth() {
        var claims = List.of(claim("data-c-0", "1024Mi", "1048576Ki").build());
        var volumes = Volumes.of(run(Optional.of(set("1Gi")), claims, member(0), member(1)));
        assertThat(volumes.tooSmall()).isEmpty();
        assertThat(volumes.growing()).isEmpty();
        assertThat(volumes.templateOutdated()).isFalse();
    }

    @Test
    void aNewClaimPostponesTheNewStatefulSet() {
        var young = claim("data-c-0", "1Gi", "1Gi")
                .editMetadata()
                .withCreationTimestamp("2026-03-01T11:59:45Z")
                .endMetadata()
                .build();
        var volumes = Volumes.of(run(Optional.of(set("512Mi")), List.of(young), member(0)));
        assertThat(volumes.knownToAll(NOW)).isFalse();
        assertThat(volumes.knownToAll(NOW.plusSeconds(30))).isTrue();
    }

    @Test
    void onlyAPodOlderThanTheLongPendingResizeIsMadeAnew() {
        var member = member(1); // made at 11:00
        assertThat(needsNewPod(pending("data-c-1", "2026-03-01T11:57:59Z"), member))
                .isTrue();
        assertThat(needsNewPod(pending("data-c-1", "2026-03-01T11:58:01Z"), member))
                .isFalse();
        assertThat(needsNewPod(pending("data-c-1", "2026-03-01T10:59:59Z"), member))
                .as("has had a new pod")
                .isFalse();
        assertThat(needsNewPod(pending("data-c-0", "2026-03-01T11:57:59Z"), member))
                .isFalse();
    }

    private boolean needsNewPod(PersistentVolumeClaim claim, Member member) {
        return Volumes.of(run(Optional.of(set("1Gi")), List.of(claim), member)).needNewPod(member, NOW);
    }

    @Test
    void whatTheStorageWillNeverDoIsSaid() {
        var claim = pending("data-c-0", "2026-03-01T11:59:00Z");
        claim.getStatus().setAllocatedResourceStatuses(Map.of("storage", "ControllerResizeInfeasible"));
        assertThat(Volumes.of(run(Optional.of(set("1Gi")), List.of(claim), member(0)))
                        .failure())
                .contains("cannot expand the volume of data-c-0: see kubectl describe pvc data-c-0");
    }

    @Test
    void aStatefulSetThatIsMadeAnewHasTheSameTemplateAndCount() {
        var before = run(Optional.of(set("512Mi")), List.of(), member(0), member(1), member(2));
        var between = run(Optional.empty(), List.of(), member(0), member(1), member(2));
        assertThat(StatefulSets.of(grown, Runs.SETTINGS, between.podInputs())
                        .getSpec()
                        .getTemplate())
                .isEqualTo(StatefulSets.of(grown, Runs.SETTINGS, before.podInputs())
                        .getSpec()
                        .getTemplate());
        assertThat(between.applied()).as("a scale-down is where it was").isEqualTo(3);
        assertThat(RolloutStates.of(between).applied()).isEqualTo(3);
        assertThat(run(Optional.empty(), List.of()).applied()).isZero();
        assertThat(RolloutStates.of(run(Optional.empty(), List.of())).applied()).isEqualTo(2);
    }

    @Test
    void aRestartThatIsUnderWayEndsFirst() {
        var set = set("512Mi");
        set.getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .put(Annotations.RESTARTED_AT, "2026-03-01T11:30:00Z");
        var restarted = Members.member(1, false, true)
                .annotated(Map.of(Annotations.RESTARTED_AT, "2026-03-01T11:30:00Z"))
                .build();
        assertThat(run(Optional.of(set), List.of(), member(0), member(1)).podsTellAll())
                .isFalse();
        assertThat(run(Optional.of(set), List.of(), member(0), restarted).podsTellAll())
                .isTrue();
        assertThat(run(Optional.of(set), List.of()).podsTellAll()).isTrue();
    }
}
