package com.smoketurner.postgres.cluster.preview;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.plan.PodTemplateDiff;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Runs;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImpactAnalysisTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String LIVE = """
            version: "16"
            replicas: 3
            storage: {size: 1Gi}
            tls: {enabled: true}
            resources:
              requests: {cpu: 100m, memory: 128Mi}
              limits: {memory: 512Mi}
            """;

    /** Three members of c, which run as the template says; c-0 leads. */
    private static ClusterView run(PostgresCluster cluster) {
        PodTemplateDiff diff = RolloutStates.diff(Runs.of(cluster, NOW, "c-0", List.of()));
        List<Member> members = IntStream.range(0, 3)
                .mapToObj(ordinal -> Members.member(ordinal, ordinal == 0, true)
                        .hash(Objects.requireNonNull(diff.hash()))
                        .resources(Objects.requireNonNull(diff.resources()))
                        .build())
                .toList();
        return Runs.of(cluster, NOW, "c-0", members);
    }

    private static Preview preview(String changed) {
        return preview(Clusters.withSpec(LIVE, changed), List.of(), Map.of(), cluster -> Optional.<Rejected>empty());
    }

    private static Preview preview(
            PostgresCluster changed,
            List<ParameterChange> parameters,
            Map<String, ParameterChange.Answer> answers,
            java.util.function.Function<PostgresCluster, Optional<Rejected>> validation) {
        ClusterView live = run(Clusters.withSpec(LIVE));
        ClusterView next = new ClusterView(changed, live.observed(), live.settings(), Timeouts.DEFAULT, NOW);
        return new ImpactAnalysis(live, next, parameters, answers, Optional.empty(), validation).preview();
    }

    /** What a parameter costs of which the server says this. */
    private static Preview parameter(String name, String context, String present, @Nullable String wanted) {
        var answer = new ParameterChange.Answer(context, present, wanted, wanted == null ? "no such value" : null);
        return preview(
                Clusters.withSpec(LIVE, "postgresqlParams: {%s: \"x\"}".formatted(name)),
                List.of(new ParameterChange(name, null, "x")),
                Map.of(name, answer),
                cluster -> Optional.empty());
    }

    private static Impact impact(Preview preview) {
        assertThat(preview.lines()).hasSize(1);
        return preview.lines().getFirst().impact();
    }

    @Test
    void theSameManifestCostsNothing() {
        Preview preview = preview("{}");
        assertThat(preview.lines()).isEmpty();
        assertThat(preview.steps()).isEmpty();
        assertThat(preview.summary().disturbs()).isFalse();
        assertThat(preview.summary().text()).isEqualTo("no disruption");
    }

    /** The API server fills defaults in as soon as the object around them is there. */
    @Test
    void aDefaultIsNoChange() {
        assertThat(preview(
                                "resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}, restartOnResize: false}")
                        .lines())
                .isEmpty();
        assertThat(preview("service: {type: ClusterIP}").lines()).isEmpty();
        assertThat(preview("pgbouncer: {enabled: false, replicas: 2}").lines()).isEmpty();
        assertThat(preview("hibernate: false").lines()).isEmpty();
        assertThat(preview("placement: {}").lines()).isEmpty();
        Preview one = preview("failover: {ttl: 30, loopWait: 5, retryTimeout: 5}");
        assertThat(one.lines()).extracting(Preview.Line::field).containsExactly("spec.failover.ttl");
    }

    @Test
    void theSameAmountInOtherWordsIsNoChange() {
        assertThat(preview("storage: {size: 1024Mi}").lines()).isEmpty();
        assertThat(preview("resources: {requests: {cpu: 0.1, memory: 131072Ki}, limits: {memory: 0.5Gi}}")
                        .lines())
                .isEmpty();
        assertThat(preview("storage: {size: 1G}").lines()).isNotEmpty();
    }

    @Test
    void parametersWithWhichNoServerStartsAreNotPossible() {
        ClusterView live = run(Clusters.withSpec(LIVE));
        PostgresCluster changed = Clusters.withSpec(LIVE, "postgresqlParams: {max_connections: \"30\"}");
        Preview preview = new ImpactAnalysis(
                        live,
                        new ClusterView(changed, live.observed(), live.settings(), Timeouts.DEFAULT, NOW),
                        List.of(new ParameterChange("max_connections", null, "30")),
                        Map.of("max_connections", new ParameterChange.Answer("postmaster", "100", "30", null)),
                        Optional.of("the server does not start"),
                        cluster -> Optional.empty())
                .preview();
        assertThat(preview.refusal()).isEqualTo("InvalidParameter: the server does not start");
        assertThat(preview.steps()).isEmpty();
    }

    @Test
    void processorsComeWhileServersRun() {
        Preview preview = preview("resources: {requests: {cpu: 200m, memory: 128Mi}, limits: {memory: 512Mi}}");
        assertThat(impact(preview)).isEqualTo(Impact.RESIZE);
        Preview.Line line = preview.lines().getFirst();
        assertThat(line.field()).isEqualTo("spec.resources");
        assertThat(line.from()).isEqualTo("requests.cpu=100m");
        assertThat(line.to()).isEqualTo("requests.cpu=200m");
        assertThat(preview.summary().disturbs()).isFalse();
    }

    @Test
    void memoryRestartsContainersReplicasFirst() {
        Preview preview = preview("resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 1Gi}}");
        assertThat(impact(preview)).isEqualTo(Impact.RESTART_CONTAINER);
        assertThat(preview.lines().getFirst().text()).isEqualTo("c-2, c-1, c-0");
        assertThat(preview.summary().containers()).containsExactly("c-0", "c-1", "c-2");
        assertThat(preview.summary().pods()).isEmpty();
        assertThat(preview.summary().switchovers()).isEqualTo(1);
    }

    @Test
    void limitsThatGoMakePodsAnew() {
        Preview preview = preview("resources: {requests: {cpu: 100m, memory: 128Mi}}");
        assertThat(impact(preview)).isEqualTo(Impact.RECREATE);
        assertThat(preview.summary().pods()).hasSize(3);
    }

    @Test
    void anImageMakesPodsAnew() {
        assertThat(impact(preview("image: other"))).isEqualTo(Impact.RECREATE);
    }

    @Test
    void withTlsSwitchedOffTheLastHandsOverByStopping() {
        Preview preview = preview("tls: {enabled: false}");
        assertThat(impact(preview)).isEqualTo(Impact.RECREATE);
        assertThat(preview.summary().pods()).hasSize(3);
        assertThat(preview.summary().switchovers()).isEqualTo(1);
        assertThat(preview.steps()).noneMatch(step -> step.contains("switching over"));
    }

    @Test
    void labelsAndVolumesDisturbNobody() {
        assertThat(impact(preview("labels: {team: a}"))).isEqualTo(Impact.NOTHING);
        assertThat(impact(preview("storage: {size: 2Gi}"))).isEqualTo(Impact.STORAGE);
        assertThat(impact(preview("failover: {ttl: 30}"))).isEqualTo(Impact.RELOAD);
    }

    @Test
    void aParameterCostsWhatTheServerSays() {
        assertThat(impact(parameter("work_mem", "user", "4096", "8192"))).isEqualTo(Impact.RELOAD);
        assertThat(impact(parameter("shared_buffers", "postmaster", "16384", "16384")))
                .isEqualTo(Impact.NOTHING);
        Preview restart = parameter("shared_buffers", "postmaster", "16384", "8192");
        assertThat(impact(restart)).isEqualTo(Impact.RESTART_SERVER);
        assertThat(restart.summary().servers()).hasSize(3);
        assertThat(restart.summary().switchovers()).isEqualTo(1);
    }

    @Test
    void whatReplicasMayNotHaveLowerRestartsThePrimaryInPlace() {
        Preview preview = parameter("max_connections", "postmaster", "100", "50");
        assertThat(preview.lines().getFirst().text()).isEqualTo("c-0, c-2, c-1");
        assertThat(preview.summary().switchovers()).isZero();
    }

    @Test
    void aValueThatTheServerDoesNotTakeIsNotPossible() {
        Preview preview = parameter("work_mem", "user", "4096", null);
        assertThat(impact(preview)).isEqualTo(Impact.NOT_POSSIBLE);
        assertThat(preview.refusal()).contains("no such value");
        assertThat(preview.steps()).isEmpty();
    }

    @Test
    void whatTheOperatorDoesNotTakeIsNotPossible() {
        PostgresCluster changed = Clusters.withSpec(LIVE, "image: other");
        Preview preview = preview(
                changed,
                List.of(),
                Map.of(),
                cluster -> Optional.ofNullable(cluster.getSpec().image())
                        .map(image -> new Rejected(Reason.NOT_YET_SUPPORTED, "spec.image")));
        assertThat(impact(preview)).isEqualTo(Impact.NOT_POSSIBLE);
        assertThat(preview.refusal()).isEqualTo("NotYetSupported: spec.image");
    }

    @Test
    void membersComeAndGo() {
        Preview more = preview("replicas: 5");
        assertThat(impact(more)).isEqualTo(Impact.JOIN);
        assertThat(more.summary().joined()).containsExactly("my-cluster-3", "my-cluster-4");
        assertThat(more.summary().disturbs()).isFalse();
        Preview less = preview("replicas: 2");
        assertThat(impact(less)).isEqualTo(Impact.LEAVE);
        assertThat(less.summary().removed()).containsExactly("my-cluster-2");
        assertThat(less.summary().switchovers()).isZero();
    }

    @Test
    void aWishForASwitchoverIsOneOrIsRefusedWithItsReason() {
        PostgresCluster request = Clusters.withSpec(LIVE);
        request.getMetadata().setAnnotations(Map.of(Project.GROUP + "/switchover", "auto"));
        Preview preview = preview(request, List.of(), Map.of(), cluster -> Optional.empty());
        assertThat(impact(preview)).isEqualTo(Impact.SWITCHOVER);
        assertThat(preview.summary().switchovers()).isEqualTo(1);
        assertThat(preview.summary().servers()).containsExactly("c-0");

        PostgresCluster none = Clusters.withSpec(LIVE);
        none.getMetadata().setAnnotations(Map.of(Project.GROUP + "/switchover", "c-9"));
        Preview refused = preview(none, List.of(), Map.of(), cluster -> Optional.empty());
        assertThat(impact(refused)).isEqualTo(Impact.NOTHING);
        assertThat(refused.lines().getFirst().text()).contains("there is no member c-9");
        assertThat(refused.summary().switchovers()).isZero();
    }

    @Test
    void everyFieldOfTheSpecHasARule() {
        assertThat(Arrays.stream(PostgresClusterSpec.class.getRecordComponents())
                        .map(component -> component.getName())
                        .filter(name -> !List.of("replicas", "postgresqlParams", "backup")
                                .contains(name)))
                .allMatch(FieldImpact::knows);
        assertThat(fields("backup", BackupSpec.class)).hasSizeGreaterThan(30).allMatch(FieldImpact::knows);
    }

    private static List<String> fields(String path, Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .flatMap(component -> fields(path + "." + jsonName(component), component.getType()).stream())
                        .toList()
                : List.of(path);
    }

    private static String jsonName(RecordComponent component) {
        return component.getName().equals("s3") ? "S3" : component.getName();
    }

    private static final String BACKUP =
            "{engine: PgBackRest, schedule: '0 2 * * *', encryption: {keySecret: %s}, walArchiving: {enabled: %s},"
                    + " destination: {type: S3, bucket: %s, region: r, credentialsSecret: s}}";

    private static Preview backup(String before, String after) {
        ClusterView live = run(Clusters.withSpec(LIVE, "backup: " + before));
        PostgresCluster changed = Clusters.withSpec(LIVE, "backup: " + after);
        return new ImpactAnalysis(
                        live,
                        new ClusterView(changed, live.observed(), live.settings(), Timeouts.DEFAULT, NOW),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        cluster -> Optional.empty())
                .preview();
    }

    @Test
    void backupsChangeNoPod() {
        String plain = BACKUP.formatted("key", "true", "b");
        for (String[] changed : new String[][] {
            {
                BACKUP.formatted("other", "true", "b"),
                "spec.backup.encryption.keySecret",
                "a full backup go to a new path"
            },
            {
                BACKUP.formatted("key", "true", "c"),
                "spec.backup.destination.bucket",
                "the former place keeps what it has"
            },
            {plain.replace("0 2", "0 3"), "spec.backup.schedule", "only the next due time changes"},
            {
                plain.replace("{engine", "{backupFromReplica: true, engine"),
                "spec.backup.backupFromReplica",
                "no pod changes"
            },
            {plain.replace("{engine", "{retention: {count: 2}, engine"), "spec.backup.retention.count", "are deleted"},
        }) {
            Preview preview = backup(plain, changed[0]);
            assertThat(impact(preview)).as(changed[1]).isEqualTo(Impact.NOTHING);
            assertThat(preview.lines().getFirst().field()).isEqualTo(changed[1]);
            assertThat(preview.lines().getFirst().text()).contains(changed[2]);
            assertThat(preview.summary().disturbs()).isFalse();
        }
        Preview off = backup(plain, BACKUP.formatted("key", "false", "b"));
        assertThat(impact(off)).isEqualTo(Impact.RELOAD);
        assertThat(off.lines().getFirst().text()).contains("archive_command");
    }

    @Test
    void archivingBeginsAndEndsWithTheDestination() {
        String plain = BACKUP.formatted("key", "true", "b");
        assertThat(backup("{}", plain).lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.impact()).isEqualTo(Impact.RELOAD))
                .allSatisfy(line -> assertThat(line.text()).endsWith("begin"));
        assertThat(backup(plain, "{}").lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.text()).contains("what is stored stays"));
    }

    @Test
    void roomForMoreReplicasIsMadeAtAStart() {
        PostgresCluster scaled = Clusters.withSpec(LIVE, "scaling: {enabled: true, maxReplicas: 15}");
        var answer = new ParameterChange.Answer("postmaster", "10", "64", null);
        Preview preview = preview(
                scaled,
                List.of(new ParameterChange("max_wal_senders", "10", "64")),
                Map.of("max_wal_senders", answer),
                cluster -> Optional.empty());
        assertThat(preview.lines()).extracting(Preview.Line::impact).containsOnly(Impact.RESTART_SERVER);
        assertThat(preview.steps()).contains("restarting the server of c-2");
        assertThat(impact(preview("scaling: {enabled: true}"))).isEqualTo(Impact.NOTHING);
    }
}
