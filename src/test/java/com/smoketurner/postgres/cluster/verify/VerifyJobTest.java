package com.smoketurner.postgres.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.backup.RestorePlan;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.testing.Golden;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyJobTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private final PostgresCluster cluster = Clusters.cluster("""
            imagePullSecrets: [{name: pull}]
            placement: {nodeSelector: {disk: ssd}}
            backup:
              encryption: {keySecret: key}
              destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
              verify:
                schedule: "@daily"
                databaseChecks:
                - {query: "SELECT $$a$$ FROM \\"$(PATH)\\""}
                - {database: shop, query: "SELECT 1 FROM orders LIMIT 1"}
            """);

    private Job job(long bytes) {
        var plan = new VerificationPlan(
                new NextVerification.Start("one", "request one", NOW),
                new RestorePlan("20261129-100000F", 1, "time", "2026-11-29T10:30:00Z", true),
                NOW.minusSeconds(30),
                bytes);
        return VerifyJob.of(cluster, Runs.SETTINGS, plan, Duration.ofHours(4));
    }

    @Test
    void theWholeJob() {
        Golden.assertMatches("backup/verify-job.yaml", job(5_000_000_000L));
    }

    @Test
    void noServiceAndNoBudgetSelectsItsPod() {
        var labels = job(0).getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels).containsEntry(Labels.CLUSTER, "my-cluster");
        for (var selector : List.of(
                Labels.memberSelector(cluster),
                Labels.primarySelector(cluster),
                Labels.readerSelector(cluster),
                Labels.patroni(),
                Labels.poolerSelector(cluster, "primary"))) {
            assertThat(labels.entrySet().containsAll(selector.entrySet()))
                    .as(selector.toString())
                    .isFalse();
        }
    }

    @Test
    void theVolumeHasRoomForTheDataAndItsWal() {
        assertThat(size(0)).isEqualTo("1Gi");
        assertThat(size(100 << 20)).isEqualTo("1Gi");
        assertThat(size(10L << 30)).isEqualTo("13056Mi");
    }

    private String size(long bytes) {
        var claim = job(bytes)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getVolumes()
                .getFirst()
                .getEphemeral()
                .getVolumeClaimTemplate();
        return String.valueOf(claim.getSpec().getResources().getRequests().get("storage"));
    }

    @Test
    void theOperatorReadsItsRequestAgain() {
        Job made = job(0);
        made.getMetadata().setCreationTimestamp(NOW.toString());
        made.getMetadata().setUid("job");
        Verification test = Verification.of(made, List.of()).orElseThrow();
        assertThat(test.running()).isTrue();
        assertThat(test.request())
                .isEqualTo(new Verification.Request(
                        "one", "20261129-100000F", "2026-11-29T10:30:00Z", NOW.minusSeconds(30)));
    }
}
