package com.smoketurner.postgres.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalHistory;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.reconcile.Conditions;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusUpdateTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final PostgresCluster cluster = Clusters.cluster("replicas: 2");

    private static Member member(int ordinal, boolean primary, boolean ready) {
        return Members.member(ordinal, primary, ready).build();
    }

    private ClusterReport report(Instant now, String leader, Map<Part, Outcome> outcomes, Member... members) {
        return new ClusterReport(
                Runs.of(cluster, now, leader, List.of(members)),
                outcomes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
    }

    private PostgresClusterStatus running() {
        cluster.getMetadata().setGeneration(1L);
        return statusOf(report(NOW, "c-0", Map.of(), member(0, true, true), member(1, false, true)), null);
    }

    private static Condition condition(PostgresClusterStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }

    @Test
    void aCompleteClusterRuns() {
        var status = running();
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(status.primaryPod()).isEqualTo("c-0");
        assertThat(status.replicaPods()).containsExactly("c-1");
        assertThat(status.currentVersion()).isEqualTo("16");
        assertThat(condition(status, "Ready").status()).isEqualTo("True");
    }

    @Test
    void whatAStatusSaysHoldsAsLongAsThePrimaryRenewsItsRecord() {
        var shown = running();
        assertThat(ClusterStatuses.holds(shown, glance("c-0", NOW, NOW))).isTrue();
        assertThat(ClusterStatuses.holds(shown, glance("c-0", NOW, NOW.plusSeconds(41))))
                .as("its time to live and the skew of clocks are over")
                .isFalse();
        assertThat(ClusterStatuses.holds(shown, glance("c-1", NOW, NOW))).isFalse();
    }

    private ClusterView glance(String leader, Instant renewed, Instant now) {
        return Runs.of(
                cluster,
                Observed.members(member(0, true, true), member(1, false, true))
                        .leader(leader, renewed)
                        .build(),
                now);
    }

    @Test
    void onlyAReportThatLeavesNothingOpenIsCalm() {
        assertThat(calm(Outcome.DONE)).isTrue();
        assertThat(calm(Outcome.UNDECIDED)).isFalse();
        assertThat(calm(new Outcome.PartlyRejected(Reason.INVALID_PARAMETER, "no")))
                .isFalse();
        assertThat(calm(new Outcome.Queued(Reason.ROLLING_RESTART, "later"))).isFalse();
        cluster.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
        assertThat(calm(Outcome.DONE)).as("paused").isFalse();
    }

    private boolean calm(Outcome outcome) {
        return report(NOW, "c-0", Map.of(Part.ACCESS, Outcome.DONE, Part.ROLLOUT, outcome), member(0, true, true))
                .calm();
    }

    @Test
    @Acceptance(37)
    void aPassingErrorLeavesNoTrace() {
        cluster.setStatus(running());
        var failed = FailureSection.failedAttempt(cluster, 3, "the API server answered 503", NOW);
        assertThat(condition(failed, "Reconciled").message()).contains("503");
        assertThat(failed.retryCount()).isEqualTo(3);
        assertThat(failed.lastError()).contains("503");
        assertThat(failed.lastErrorTime()).isEqualTo("2026-03-01T12:00:00Z");
        var after = statusOf(report(NOW, "c-0", Map.of(), member(0, true, true), member(1, false, true)), failed);
        assertThat(after).isEqualTo(running());
    }

    @Test
    @Acceptance(39)
    void equalResultsMoveNoTransitionTime() {
        var first = running();
        var later = statusOf(
                report(NOW.plusSeconds(600), "c-0", Map.of(), member(0, true, true), member(1, false, true)), first);
        assertThat(later).isEqualTo(first);
    }

    @Test
    void aRejectedSpecKeepsAServingClusterReady() {
        var status = statusOf(
                report(
                        NOW,
                        "c-0",
                        Map.of(Part.SPEC, new Outcome.Rejected(Reason.RESERVED_PARAMETER, "parameter port is managed")),
                        member(0, true, true),
                        member(1, false, true)),
                running());
        assertThat(status.phase()).isEqualTo(ClusterPhase.FAILED);
        assertThat(condition(status, "Ready").status()).isEqualTo("True");
        assertThat(condition(status, "ConfigurationValid").reason()).isEqualTo("ReservedParameter");
    }

    @Test
    void anAlmostFullVolumeIsToldOnce() {
        var before = running();
        assertThat(condition(before, "StoragePressure").reason()).isEqualTo("StorageSufficient");
        var report = report(
                NOW,
                "c-0",
                Map.of(),
                Members.member(0, true, true)
                        .annotated(Map.of(
                                Annotations.STORAGE_USED,
                                "86",
                                Annotations.STORAGE_HELD,
                                "replication slot orders, which has no consumer, holds 300 MB of WAL"))
                        .build(),
                Members.member(1, false, true)
                        .annotated(Map.of(Annotations.STORAGE_USED, "79"))
                        .build());
        var after = statusOf(report, before);
        assertThat(condition(after, "StoragePressure").status()).isEqualTo("True");
        assertThat(condition(after, "StoragePressure").message())
                .contains("c-0 is 86 % full (replication slot orders, which has no consumer, holds 300 MB of WAL);")
                .contains("spec.storage.size")
                .doesNotContain("c-1");
        assertThat(after.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(StatusUpdate.of(report, before).events())
                .extracting(EventMessage::reason)
                .containsExactly("StoragePressure");
        assertThat(StatusUpdate.of(report, after).events()).isEmpty();
    }

    @Test
    @Acceptance(194)
    void aClassThatCannotGrowLeavesTheClusterRunning() {
        var before = running();
        var report = report(
                NOW,
                "c-0",
                Map.of(
                        Part.STORAGE,
                        new Outcome.Unsupported(
                                Reason.EXPANSION_NOT_SUPPORTED, "StorageClass slow does not let volumes grow")),
                member(0, true, true),
                member(1, false, true));
        var after = statusOf(report, before);
        assertThat(after.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(condition(after, "StorageExpanded").status()).isEqualTo("False");
        assertThat(condition(after, "StorageExpanded").reason()).isEqualTo("ExpansionNotSupported");
        assertThat(StatusUpdate.of(report, before).events())
                .extracting(EventMessage::reason, EventMessage::warning)
                .containsExactly(tuple("StorageExpansionNotSupported", true));
        assertThat(StatusUpdate.of(report, after).events()).isEmpty();
        var rejected = report(
                NOW,
                "c-0",
                Map.of(Part.SPEC, new Outcome.Rejected(Reason.RESERVED_PARAMETER, "parameter port is managed")),
                member(0, true, true),
                member(1, false, true));
        assertThat(condition(statusOf(rejected, after), "StorageExpanded"))
                .as("nothing was tried")
                .isEqualTo(condition(after, "StorageExpanded"));
    }

    @Test
    void aNewPrimaryIsAnnouncedOnce() {
        var before = running();
        var report = report(NOW, "c-1", Map.of(), member(0, false, true), member(1, true, true));
        var after = statusOf(report, before);
        assertThat(StatusUpdate.of(report, before).events())
                .extracting(EventMessage::reason)
                .containsExactly(EventReason.PRIMARY_CHANGED.label());
        assertThat(StatusUpdate.of(report, after).events()).isEmpty();
    }

    @Test
    @Acceptance(73)
    void aChangeStopsAtAMemberThatDoesNotComeBack() {
        Map<Part, Outcome> working = Map.of(
                Part.ROLLOUT, new Outcome.Working(Reason.ROLLING_RESTART, "waiting for c-1 to return to service"));
        var begun = statusOf(report(NOW, "c-0", working, member(0, true, true), member(1, false, false)), running());
        assertThat(begun.phase()).isEqualTo(ClusterPhase.UPDATING);
        assertThat(condition(begun, "Progressing").reason()).isEqualTo("RollingRestart");
        var later = statusOf(
                report(NOW.plusSeconds(601), "c-0", working, member(0, true, true), member(1, false, false)), begun);
        assertThat(later.phase()).isEqualTo(ClusterPhase.DEGRADED);
        assertThat(condition(later, "Progressing").status()).isEqualTo("False");
        assertThat(condition(later, "Progressing").message()).contains("c-1");
        assertThat(condition(later, "Ready").status()).isEqualTo("True");
    }

    /** Patroni's readiness asks for the leader key alone. */
    @Test
    void aLeaderWhosePromotionFailsServesNobody() {
        var promoted = Members.member(0, true, true)
                .annotated(Map.of("status", "{\"state\":\"running\",\"role\":\"promoted\"}"))
                .build();
        var begun = statusOf(report(NOW, "c-0", Map.of(), promoted, member(1, false, true)), running());
        assertThat(condition(begun, "Ready").reason()).isEqualTo("NoPrimary");
        var later = statusOf(report(NOW.plusSeconds(11), "c-0", Map.of(), promoted, member(1, false, true)), begun);
        assertThat(later.phase()).isEqualTo(ClusterPhase.RECOVERING);
    }

    /** Patroni keeps the leader key meanwhile, and forgets the restart that was pending as soon as it begins. */
    @Test
    void aChangeIsNotCompleteWhileTheLeaderRestartsItsServer() {
        var updating = running().toBuilder().phase(ClusterPhase.UPDATING).build();
        for (String state : List.of("restarting", "starting", "stopped", "start failed", "crashed")) {
            var leader = Members.member(0, true, true)
                    .annotated(Map.of("status", "{\"state\":\"%s\",\"role\":\"primary\"}".formatted(state)))
                    .build();
            var status = statusOf(report(NOW, "c-0", Map.of(), leader, member(1, false, true)), updating);
            assertThat(status.phase()).as(state).isEqualTo(ClusterPhase.UPDATING);
            assertThat(condition(status, "Ready").reason()).as(state).isEqualTo("NoPrimary");
        }
    }

    /** The members were made at 11:00, an hour ago. */
    @Test
    void scalingEndsWhenTheNewMemberHasCaughtUp() {
        var running = running();
        var scaling = running.toBuilder()
                .phase(ClusterPhase.SCALING)
                .phaseStartedAt("2026-03-01T11:00:00Z")
                .build();
        var behind = statusOf(lagging(1000), scaling);
        assertThat(behind.phase()).isEqualTo(ClusterPhase.SCALING);
        assertThat(condition(behind, "Progressing").status()).isEqualTo("True");
        assertThat(condition(behind, "Progressing").message()).contains("c-1", "catch up");
        assertThat(statusOf(lagging(2000), behind).phase()).isEqualTo(ClusterPhase.RUNNING);
        var later = scaling.toBuilder().phaseStartedAt("2026-03-01T11:00:01Z").build();
        assertThat(statusOf(lagging(1000), later).phase())
                .as("one that was there before and lags")
                .isEqualTo(ClusterPhase.RUNNING);
    }

    /** The primary was at 2000 a minute ago already. */
    private ClusterReport lagging(long replayed) {
        var trail = WalHistory.UNKNOWN.with(1000, NOW.minusSeconds(90)).with(2000, NOW.minusSeconds(60));
        var positions = new WalPositions(
                new TreeMap<>(Map.of("c-0", 2000L, "c-1", replayed)), new ReplicationHistory(trail, Map.of()));
        var members = List.of(member(0, true, true), member(1, false, true));
        return new ClusterReport(
                Runs.of(cluster, NOW, "c-0", members, positions),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
    }

    @Test
    void aChangeWhoseTurnHasNotComeIsNoUpdate() {
        Map<Part, Outcome> queued =
                Map.of(Part.ROLLOUT, new Outcome.Queued(Reason.ROLLING_RESTART, "the new image is taken later"));
        var status = statusOf(report(NOW, "c-0", queued, member(0, true, true), member(1, false, true)), running());
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(status.allPodsSynced()).isFalse();
        assertThat(condition(status, "Progressing").message()).contains("later");
    }

    /** A renewed certificate is not put in force at once; that is no creation. */
    @Test
    void aReloadOfCertificatesIsCalledThat() {
        Map<Part, Outcome> reloading = Map.of(
                Part.CERTIFICATE_RELOAD,
                new Outcome.Waiting(
                        Reason.RELOADING_CERTIFICATE, "c-1 shows the previous one", Duration.ofSeconds(10)));
        var status = statusOf(report(NOW, "c-0", reloading, member(0, true, true), member(1, false, true)), running());
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(condition(status, "Progressing").reason()).isEqualTo("ReloadingCertificate");
        var outage = statusOf(report(NOW, "c-0", reloading, member(0, true, false), member(1, false, true)), running());
        assertThat(condition(outage, "Ready").reason())
                .as("what is waited for elsewhere does not hide an outage")
                .isEqualTo("NoPrimary");
    }

    @Test
    void whatAnotherPartCannotDoIsNotSaidOfTheStorage() {
        Map<Part, Outcome> unsupported =
                Map.of(Part.MEMBERS, new Outcome.Unsupported(Reason.EXPANSION_FAILED, "this cluster cannot do that"));
        var status =
                statusOf(report(NOW, "c-0", unsupported, member(0, true, true), member(1, false, true)), running());
        assertThat(condition(status, "StorageExpanded").status()).isEqualTo("True");
    }

    @Test
    void aPartThatFailsIsNamedAtOnceAndDegradesWhenItLasts() {
        Map<Part, Outcome> failing = Map.of(Part.PASSWORDS, new Outcome.Failed("psql ended with 2"));
        var report = report(NOW, "c-0", failing, member(0, true, true), member(1, false, true));
        var status = statusOf(report, running());
        assertThat(condition(status, "Reconciled").status()).isEqualTo("False");
        assertThat(condition(status, "Reconciled").message()).isEqualTo("passwords: psql ended with 2");
        assertThat(status.lastError()).isEqualTo("passwords: psql ended with 2");
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(condition(status, "Degraded").status()).isEqualTo("False");
        for (int attempt = 2; attempt <= 6; attempt++) {
            assertThat(condition(status, "Degraded").status()).isEqualTo("False");
            status = statusOf(report, status);
            assertThat(status.retryCount()).isEqualTo(attempt);
        }
        assertThat(condition(status, "Degraded").reason()).isEqualTo("ReconciliationFailed");
        var mended = statusOf(report(NOW, "c-0", Map.of(), member(0, true, true), member(1, false, true)), status);
        assertThat(mended).isEqualTo(running());
    }

    @Test
    void anAttemptThatFailsAsAWholeDegradesWhenItLasts() {
        cluster.setStatus(running());
        assertThat(condition(FailureSection.failedAttempt(cluster, 5, "timeout", NOW), "Degraded")
                        .status())
                .isEqualTo("False");
        var lasting = FailureSection.failedAttempt(cluster, 6, "timeout", NOW);
        assertThat(condition(lasting, "Degraded").reason()).isEqualTo("ReconciliationFailed");
        assertThat(lasting.phase()).isEqualTo(ClusterPhase.RUNNING);
    }

    /** Neither a member that is lost nor one that comes back is a change of the cluster. */
    @Test
    void aBrokenReplicaIsNoScaling() {
        var shown = running();
        for (int seconds = 0; seconds < 900; seconds += 10) {
            shown = statusOf(
                    report(NOW.plusSeconds(seconds), "c-0", Map.of(), member(0, true, true), member(1, false, false)),
                    shown);
            assertThat(condition(shown, "Progressing"))
                    .extracting(Condition::status, Condition::reason, Condition::message)
                    .containsExactly("False", "Stable", "no change in progress; 1/2 members ready");
        }
        assertThat(shown.phase()).isEqualTo(ClusterPhase.DEGRADED);
        assertThat(condition(shown, "Degraded").reason()).isEqualTo("ReplicasUnavailable");
    }

    @Test
    void aMemberThatHasNoPodAnyMoreIsNoScaling() {
        var status = statusOf(report(NOW, "c-0", Map.of(), member(0, true, true)), running());
        assertThat(condition(status, "Progressing").reason()).isEqualTo("Stable");
    }

    @Test
    void theLastMemberOfAChangeGoesByItsReason() {
        var members = new Member[] {member(0, true, true), member(1, false, false)};
        for (Reason reason : List.of(Reason.RESIZING, Reason.APPLYING_PARAMETERS, Reason.ROLLING_RESTART)) {
            var begun = statusOf(
                    report(NOW, "c-0", Map.of(Part.ROLLOUT, new Outcome.Working(reason, "c-1 restarts")), members),
                    running());
            var last = statusOf(report(NOW.plusSeconds(1), "c-0", Map.of(), members), begun);
            assertThat(condition(last, "Progressing").status()).isEqualTo("True");
            assertThat(condition(last, "Progressing").reason()).isEqualTo(reason.label());
        }
    }

    @Test
    void moreMembersAreScaling() {
        var before = running().toBuilder().replicas(1).build();
        var report = report(NOW, "c-0", Map.of(), member(0, true, true), member(1, false, false));
        var begun = statusOf(report, before);
        assertThat(condition(begun, "Progressing").reason()).isEqualTo("Scaling");
        assertThat(condition(statusOf(report, begun), "Progressing").reason()).isEqualTo("Scaling");
    }

    @Test
    void aClusterWithoutTlsIsWarnedOfOnceAndNotAtEachEdit() {
        var plain = Clusters.cluster("replicas: 2", "tls: {enabled: false}");
        assertThat(edits(plain)).containsExactly("TLSDisabled");
    }

    @Test
    void labelsWithoutEffectAreToldOnceUntilTheyChange() {
        var labelled = Clusters.cluster("replicas: 2", "labels: {spilo-role: master}");
        assertThat(edits(labelled)).containsExactly("ReservedLabelIgnored");
        var first = statusOf(labelled, null);
        assertThat(condition(first, "ConfigurationValid").status()).isEqualTo("True");
        assertThat(condition(first, "ConfigurationValid").message()).contains("spilo-role");
        var other = Clusters.cluster("replicas: 2", "labels: {spilo-role: master, controller-revision-hash: a}");
        other.getMetadata().setGeneration(2L);
        assertThat(StatusUpdate.of(whole(other), first).events())
                .extracting(EventMessage::reason)
                .containsExactly("ReservedLabelIgnored");
    }

    /** Reasons of the warnings in five generations that differ in nothing that they are about. */
    private List<String> edits(PostgresCluster edited) {
        var reasons = new ArrayList<String>();
        PostgresClusterStatus shown = null;
        for (long generation = 1; generation <= 5; generation++) {
            edited.getMetadata().setGeneration(generation);
            var next = StatusUpdate.of(whole(edited), shown);
            next.events().stream()
                    .filter(EventMessage::warning)
                    .map(EventMessage::reason)
                    .forEach(reasons::add);
            shown = next.status();
        }
        return reasons;
    }

    private static PostgresClusterStatus statusOf(PostgresCluster edited, @Nullable PostgresClusterStatus shown) {
        return statusOf(whole(edited), shown);
    }

    private static ClusterReport whole(PostgresCluster edited) {
        return new ClusterReport(
                Runs.of(edited, NOW, "c-0", List.of(member(0, true, true), member(1, false, true))),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
    }

    @Test
    void whyAServerDoesNotStartIsQuoted() {
        String words = "the server of c-0 does not start: could not access file \"typo\": No such file or directory";
        var report = new ClusterReport(
                Runs.of(Clusters.cluster("replicas: 1"), NOW, "c-0", List.of(member(0, false, false))),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(words),
                Optional.empty(),
                Optional.empty());
        var ran = PostgresClusterStatus.builder()
                .phase(ClusterPhase.RUNNING)
                .currentVersion("16")
                .build();
        for (String type : List.of("Ready", "Degraded")) {
            assertThat(Conditions.find(statusOf(report, ran).conditions(), type)
                            .orElseThrow()
                            .message())
                    .startsWith("no member serves as primary")
                    .endsWith("; " + words);
        }
        var creating =
                Conditions.find(statusOf(report, null).conditions(), "Ready").orElseThrow();
        assertThat(creating.reason()).isEqualTo("ServerStartFailed");
        assertThat(creating.message()).isEqualTo("0/1 members ready; " + words);
    }

    @Test
    void overriddenParametersAreSaidUntilTheServersAnswerOtherwise() {
        var ran = PostgresClusterStatus.builder()
                .phase(ClusterPhase.RUNNING)
                .currentVersion("16")
                .build();
        var overridden = statusOf(
                overrides(new Outcome.Unsupported(Reason.PARAMETER_OVERRIDDEN, "on c-0 ALTER SYSTEM sets x")), ran);
        assertThat(inForce(overridden)).isEqualTo("False ParameterOverridden on c-0 ALTER SYSTEM sets x");
        assertThat(overridden.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(inForce(statusOf(overrides(Outcome.UNDECIDED), overridden))).isEqualTo(inForce(overridden));
        assertThat(inForce(statusOf(overrides(Outcome.DONE), overridden))).startsWith("True NotOverridden");
    }

    private static ClusterReport overrides(Outcome outcome) {
        return new ClusterReport(
                Runs.of(Clusters.cluster("replicas: 1"), NOW, "c-0", List.of(member(0, true, true))),
                Map.of(Part.OVERRIDES, outcome),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
    }

    private static String inForce(PostgresClusterStatus status) {
        return Conditions.find(status.conditions(), "ParametersInForce")
                .map(condition -> "%s %s %s".formatted(condition.status(), condition.reason(), condition.message()))
                .orElseThrow();
    }

    @Test
    void resourcesThatAreRefusedLeaveTheClusterRunningAndAreToldOnce() {
        var before = running();
        var refused = new Outcome.Unsupported(Reason.RESIZE_REFUSED, "pod c-1 keeps its resources: quota");
        var report = report(NOW, "c-0", Map.of(Part.ROLLOUT, refused), member(0, true, true), member(1, false, true));
        var after = statusOf(report, before);
        assertThat(after.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(after.allPodsSynced()).isFalse();
        for (String type : List.of("ResourceResizeInProgress", "PodGenerationSynced")) {
            assertThat(condition(after, type))
                    .extracting(Condition::status, Condition::reason, Condition::message)
                    .containsExactly("False", "ResizeRefused", "pod c-1 keeps its resources: quota");
        }
        assertThat(StatusUpdate.of(report, before).events())
                .extracting(EventMessage::reason, EventMessage::warning)
                .containsExactly(tuple("ResizeRefused", true));
        assertThat(StatusUpdate.of(report, after).events()).isEmpty();
        assertThat(statusOf(report, after)).isEqualTo(after);
    }

    private static PostgresClusterStatus statusOf(ClusterReport report, @Nullable PostgresClusterStatus shown) {
        return StatusUpdate.of(report, shown).status();
    }
}
