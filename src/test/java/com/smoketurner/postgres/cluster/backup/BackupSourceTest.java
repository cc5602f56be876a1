package com.smoketurner.postgres.cluster.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which member takes a backup. */
class BackupSourceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HOST = "c-0.my-cluster-headless.default.svc";

    private final Map<String, Long> positions = new HashMap<>(Map.of("c-0", 1000L, "c-1", 900L, "c-2", 990L));
    private final Map<String, String> annotations = new HashMap<>();
    private String spec = "";
    private String replica = "\"replication_state\":\"streaming\"";
    private String url = "https://10.0.0.1:8008/patroni";
    private int timeline = 7;
    private String authority = "certificate";
    private String issuer = "company";
    private boolean ready = true;
    private int members = 3;
    private String hash = "";

    private static PostgresCluster cluster(String spec) {
        return Clusters.cluster("""
                replicas: 3
                backup:
                  engine: PgBackRest
                  backupFromReplica: true
                  encryption: {keySecret: key}
                  destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
                """ + spec);
    }

    /** The members of which c-2 is as the test says. */
    private ClusterView view() {
        PostgresCluster cluster = cluster(spec);
        var tls = new SecretBuilder()
                .withNewMetadata()
                .addToAnnotations("cert-manager.io/issuer-name", issuer)
                .addToAnnotations("cert-manager.io/issuer-kind", "Issuer")
                .endMetadata()
                .withData(Map.of("tls.crt", "certificate", "tls.key", "key", "ca.crt", authority))
                .build();
        var bare = Runs.of(cluster, Observed.members().tls(tls).build(), NOW);
        String template = Objects.requireNonNull(
                bare.podTemplate().getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH));
        var all = new ArrayList<Member>();
        all.add(member(0, "\"role\":\"primary\"", 7, template, true, Map.of()));
        if (members > 1) {
            all.add(member(1, "\"replication_state\":\"streaming\"", 7, template, true, Map.of()));
        }
        if (members > 2) {
            all.add(member(2, replica, timeline, hash.isEmpty() ? template : hash, ready, annotations));
        }
        return Runs.of(
                cluster,
                Observed.members(all)
                        .positions(new WalPositions(new TreeMap<>(positions), ReplicationHistory.UNKNOWN))
                        .leader("c-0", NOW)
                        .tls(tls)
                        .build(),
                NOW);
    }

    private Member member(
            int ordinal, String state, int on, String template, boolean isReady, Map<String, String> further) {
        var all = new HashMap<>(further);
        all.put("status", "{\"state\":\"running\",\"timeline\":%d,\"api_url\":\"%s\",%s}".formatted(on, url, state));
        return Members.member(ordinal, ordinal == 0, isReady)
                .hash(template)
                .annotated(all)
                .build();
    }

    private BackupSource source() {
        return source(Optional.empty());
    }

    private BackupSource source(Optional<BackupJob> failed) {
        ClusterView view = view();
        return BackupSource.of(view, view.observed().member("c-0"), failed);
    }

    private String why() {
        return switch (source()) {
            case BackupSource.Primary(Member member, Optional<String> why) -> why.orElse("not asked");
            case BackupSource.Replica(Member member, String host) -> member.name();
        };
    }

    /** c-1 takes it where c-2 does not fit. */
    private void assertUnfit() {
        assertThat(why()).isEqualTo("c-1");
    }

    @Test
    void theReplicaWithTheLeastLag() {
        assertThat(source()).isInstanceOfSatisfying(BackupSource.Replica.class, chosen -> {
            assertThat(chosen.member().name()).isEqualTo("c-2");
            assertThat(chosen.primary()).isEqualTo(HOST);
        });
        positions.put("c-1", 995L);
        assertThat(why()).isEqualTo("c-1");
        positions.put("c-2", 995L);
        assertThat(why()).as("of equals the first").isEqualTo("c-1");
    }

    @Test
    void oneThatIsNotAsItShouldBeIsPassedOver() {
        replica = "\"replication_state\":\"in archive recovery\"";
        assertUnfit();
    }

    @Test
    void oneThatIsNotReadyIsPassedOver() {
        ready = false;
        assertUnfit();
    }

    @Test
    void oneOnAnotherTimelineIsPassedOver() {
        timeline = 6;
        assertUnfit();
    }

    @Test
    void oneWithAFaultIsPassedOver() {
        annotations.put(Annotations.BROKEN_SINCE, "2026-03-01T11:59:00Z");
        assertUnfit();
    }

    @Test
    void oneThatTheRolloutReplacesIsPassedOver() {
        hash = "former";
        assertUnfit();
    }

    @Test
    void oneThatIsFarBehindOrSaysNothingIsPassedOver() {
        spec = "scaling: {lagThresholdBytes: 50}";
        positions.put("c-2", 900L);
        positions.put("c-1", 960L);
        assertUnfit();
        positions.remove("c-2");
        assertUnfit();
        positions.put("c-1", 900L);
        assertThat(why()).isEqualTo("c-1 is too far behind (100 bytes), c-2 has not reported its lag yet");
    }

    @Test
    void withoutReplicasThePrimary() {
        members = 1;
        assertThat(why()).isEqualTo("the cluster has no replica");
    }

    @Test
    void pgBackRestNeedsTlsOfAnAuthorityOfTheClustersOwn() {
        spec = "tls: {enabled: false}";
        assertThat(why()).contains("spec.tls is disabled");
        spec = "";
        authority = "company";
        assertThat(why()).contains("whoever has a certificate of the same authority could read the data");
        issuer = "my-cluster-ca";
        assertThat(why()).doesNotContain("authority");
        issuer = "company";
        authority = "certificate";
        url = "http://10.0.0.1:8008/patroni";
        assertThat(why()).isEqualTo("the primary does not speak TLS yet");
    }

    @Test
    void walGNeedsTheReplicaAlone() {
        spec = "tls: {enabled: false}";
        url = "http://10.0.0.1:8008/patroni";
        ClusterView view = view();
        ClusterView walG = Runs.of(Clusters.cluster("""
                        replicas: 3
                        tls: {enabled: false}
                        backup:
                          engine: WalG
                          backupFromReplica: true
                          encryption: {keySecret: key}
                          destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
                        """), view.observed(), NOW);
        assertThat(BackupSource.of(walG, view.observed().member("c-0"), Optional.empty())
                        .member()
                        .name())
                .isEqualTo("c-2");
    }

    @Test
    void whatAReplicaCouldNotDoThePrimaryDoes() {
        var failed = new BackupJob(
                "c-2",
                "manual-1",
                "full",
                BackupJob.State.FAILED,
                NOW,
                NOW,
                "ERROR: [082]: timeout before standby replayed to 0/5000028",
                true);
        assertThat(source(Optional.of(failed)))
                .isInstanceOfSatisfying(
                        BackupSource.Primary.class,
                        primary -> assertThat(primary.why().orElseThrow())
                                .startsWith("the backup from the replica c-2 failed: ")
                                .contains("timeout before standby replayed"));
    }

    @Test
    void nobodyIsToldWhatNobodyAskedFor() {
        ClusterView view = view();
        var plain = Runs.of(Clusters.cluster("""
                        backup:
                          encryption: {keySecret: key}
                          destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
                        """), view.observed(), NOW);
        assertThat(BackupSource.of(plain, view.observed().member("c-0"), Optional.empty()))
                .isEqualTo(new BackupSource.Primary(view.observed().member("c-0"), Optional.empty()));
    }
}
