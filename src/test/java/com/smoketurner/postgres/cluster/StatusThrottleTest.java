package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusThrottleTest {

    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    private static PostgresClusterStatus creating(int ready, String readyReason, String certificateReason) {
        return PostgresClusterStatus.builder()
                .phase(ClusterPhase.CREATING)
                .phaseStartedAt(BEGAN.toString())
                .readyReplicas(ready)
                .conditions(List.of(
                        condition("Ready", "False", readyReason),
                        condition("CertificateReady", "False", certificateReason)))
                .build();
    }

    private static Condition condition(String type, String status, String reason) {
        return new Condition(type, status, reason, reason + " in words", BEGAN.toString(), 1L);
    }

    private static PostgresCluster shown(PostgresClusterStatus status, int writtenAfter) {
        var cluster = new PostgresCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withManagedFields(new ManagedFieldsEntryBuilder()
                        .withManager(ApiGroup.FIELD_MANAGER)
                        .withSubresource("status")
                        .withTime(BEGAN.plusSeconds(writtenAfter).toString())
                        .build())
                .build());
        cluster.setStatus(status);
        return cluster;
    }

    private static boolean worth(PostgresClusterStatus shown, int writtenAfter, PostgresClusterStatus next, int after) {
        return StatusThrottle.worthWriting(shown(shown, writtenAfter), next, BEGAN.plusSeconds(after));
    }

    @Test
    void theBeginningIsToldAtOnce() {
        var cluster = new PostgresCluster();
        assertThat(StatusThrottle.worthWriting(cluster, creating(0, "Creating", "WaitingForCertificate"), BEGAN))
                .isTrue();
    }

    @Test
    void goingOnAsItShouldCanWait() {
        var waiting = creating(0, "WaitingForCertificate", "WaitingForCertificate");
        var going = creating(0, "Creating", "Issued");
        assertThat(worth(waiting, 0, going, 119)).isFalse();
        assertThat(worth(waiting, 0, going, 120)).isTrue();
        assertThat(worth(waiting, 0, waiting, 300)).as("nothing new").isFalse();
    }

    @Test
    void theLongerItTakesTheLongerItCanWait() {
        var one = creating(1, "Creating", "Issued");
        var two = creating(2, "Creating", "Issued");
        assertThat(worth(one, 20, two, 139)).isFalse();
        assertThat(worth(one, 20, two, 140)).isTrue();
        assertThat(worth(one, 120, two, 479)).isFalse();
        assertThat(worth(one, 120, two, 480)).isTrue();
    }

    @Test
    void whatSomebodyHasToActOnCanNot() {
        var waiting = creating(0, "WaitingForCertificate", "WaitingForCertificate");
        assertThat(worth(waiting, 0, creating(0, "WaitingForCertificate", "IssuerNotFound"), 6))
                .isTrue();
        assertThat(worth(waiting, 0, creating(0, "NamespaceTerminating", "WaitingForCertificate"), 6))
                .isTrue();
        assertThat(worth(waiting, 0, waiting.toBuilder().lastError("no").build(), 6))
                .isTrue();
        assertThat(worth(waiting, 0, waiting.toBuilder().observedGeneration(2L).build(), 6))
                .isTrue();
    }

    @Test
    void whatKeepsARestoreUpIsToldAtOnceAndSoIsItsEnd() {
        var going = creating(2, "Restoring", "TLSDisabled");
        var kept = creating(2, "RestoreRetrying", "TLSDisabled");
        assertThat(worth(going, 0, kept, 1)).isTrue();
        assertThat(worth(kept, 0, going, 1)).isTrue();
        var other = kept.toBuilder()
                .conditions(kept.conditions().stream()
                        .map(c -> new Condition(
                                c.type(), c.status(), c.reason(), "other words", c.lastTransitionTime(), 1L))
                        .toList())
                .build();
        assertThat(worth(kept, 0, other, 1)).as("another trouble").isTrue();
    }

    @Test
    void theEndIsToldAtOnce() {
        var going = creating(2, "Creating", "Issued");
        assertThat(worth(going, 0, going.toBuilder().phase(ClusterPhase.RUNNING).build(), 1))
                .isTrue();
    }
}
