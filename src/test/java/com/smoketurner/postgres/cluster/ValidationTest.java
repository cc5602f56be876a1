package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Observed;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidationTest {

    private static final ObservedCluster NOTHING = Observed.members().build();

    private static Optional<Rejected> verdict(String... spec) {
        String tls = "tls: {enabled: false}";
        return Validation.of(
                Clusters.cluster(
                        java.util.stream.Stream.concat(java.util.Arrays.stream(spec), java.util.stream.Stream.of(tls))
                                .toArray(String[]::new)),
                NOTHING);
    }

    @Test
    void thePrimaryCannotWaitForMoreReplicasThanThereAre() {
        assertThat(verdict("replicas: 3", "replication: {mode: sync, minSync: 2}"))
                .isEmpty();
        assertThat(verdict("replicas: 2", "replication: {mode: quorum}")).isEmpty();
        assertThat(verdict("replication: {mode: async, minSync: 2}")).isEmpty();
        assertThat(verdict("replicas: 2", "replication: {mode: sync, minSync: 2}"))
                .hasValueSatisfying(rejected -> {
                    assertThat(rejected.reason()).isEqualTo(Reason.TOO_FEW_REPLICAS);
                    assertThat(rejected.message()).contains("minSync is 2", "at least 3", "is 2");
                });
        assertThat(verdict("replication: {mode: quorum}")).map(Rejected::reason).contains(Reason.TOO_FEW_REPLICAS);
    }

    @Test
    void anAutoscalerMayLeaveFewer() {
        String sync = "replication: {mode: sync, minSync: 2}";
        assertThat(verdict("replicas: 5", sync, "scaling: {enabled: true, minReplicas: 3}"))
                .isEmpty();
        assertThat(verdict("replicas: 5", sync, "scaling: {enabled: true, minReplicas: 2}"))
                .hasValueSatisfying(rejected -> assertThat(rejected.message())
                        .contains("spec.scaling.minReplicas must be at least 3 and is 2"));
    }

    @Test
    void aLagThresholdNeedsNoAutoscaling() {
        assertThat(verdict("scaling: {lagThresholdBytes: 1048576, replicationLagThreshold: 10s}"))
                .isEmpty();
    }

    @Test
    void theWalLevelIsTheUsersAsLongAsReplicasCanExist() {
        assertThat(verdict("postgresqlParams: {wal_level: Replica}")).isEmpty();
        assertThat(verdict("postgresqlParams: {WAL_level: minimal}"))
                .hasValue(
                        new Rejected(Reason.RESERVED_PARAMETER, "parameter wal_level can only be logical or replica"));
    }
}
