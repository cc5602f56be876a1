package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabasePhase;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresDatabaseStatus;
import com.smoketurner.postgres.database.plan.Problem;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DatabaseStatusesTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final Set<DatabaseConditionType> ALL = EnumSet.allOf(DatabaseConditionType.class);
    private static final ServedCluster.Look SERVING = new ServedCluster.Serving(
            new ServedCluster(Serialization.unmarshal("""
                    apiVersion: postgres-operator.smoketurner.com/v1alpha1
                    kind: PostgresCluster
                    metadata: {name: main, namespace: data}
                    spec: {version: "17", replicas: 1, storage: {size: 1Gi}}
                    """, PostgresCluster.class), "main-0", true));

    private final PostgresDatabase database = Serialization.unmarshal("""
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresDatabase
            metadata: {name: app, namespace: data, generation: 3}
            spec:
              clusterRef: {name: main}
              database: {name: app, owner: app_owner}
              grants: [{role: r, privileges: [SELECT], onTables: ALL}]
            """, PostgresDatabase.class);

    private PostgresDatabaseStatus after(Attempt attempt) {
        PostgresDatabaseStatus status = DatabaseStatuses.of(database, attempt, NOW);
        database.setStatus(status);
        return status;
    }

    private static Attempt attempt(Set<DatabaseConditionType> looked, Problem... problems) {
        return new Attempt(
                SERVING, Optional.empty(), looked, List.of(problems), List.of(), List.of("owner"), Optional.empty());
    }

    private static Map<String, String> states(PostgresDatabaseStatus status) {
        return status.conditions().stream()
                .collect(Collectors.toMap(Condition::type, condition -> condition.status() + " " + condition.reason()));
    }

    @Test
    void readyWhenAllAgrees() {
        PostgresDatabaseStatus status = after(attempt(ALL));
        assertThat(status.phase()).isEqualTo(DatabasePhase.READY);
        assertThat(status.provisioned()).isTrue();
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.secretName()).isEqualTo("owner");
        assertThat(status.lastError()).isNull();
        assertThat(status.appliedGrants())
                .singleElement()
                .satisfies(grant -> assertThat(grant.onTables()).isEqualTo("ALL"));
        assertThat(status.connectionInfo())
                .isNotNull()
                .satisfies(info -> assertThat(info.host()).isEqualTo("main-primary.data.svc"));
        assertThat(states(status))
                .hasSize(7)
                .allSatisfy((type, state) -> assertThat(state).startsWith("True"));
    }

    /** What was done stays done, and what was not looked at is as it was. */
    @Test
    void aFailureNamesItsPartAlone() {
        after(attempt(ALL));
        PostgresDatabaseStatus status = after(attempt(
                EnumSet.of(DatabaseConditionType.ROLES_CREATED, DatabaseConditionType.DATABASE_CREATED),
                new Problem(DatabaseConditionType.DATABASE_CREATED, DatabaseReason.PROVISIONING_FAILED, "no space")));
        assertThat(status.phase()).isEqualTo(DatabasePhase.FAILED);
        assertThat(status.lastError()).isEqualTo("no space");
        assertThat(states(status))
                .containsEntry("Ready", "False ProvisioningFailed")
                .containsEntry("RolesCreated", "True Done")
                .containsEntry("DatabaseCreated", "False ProvisioningFailed")
                .containsEntry("GrantsApplied", "True Done");
        assertThat(status.provisioned()).isTrue();
    }

    @Test
    void beforeAnythingWasDoneNothingIsSaidToBe() {
        PostgresDatabaseStatus status = after(Attempt.waiting(
                new ServedCluster.Away(DatabaseReason.CLUSTER_NOT_FOUND, "there is no cluster"),
                "there is no cluster"));
        assertThat(status.phase()).isEqualTo(DatabasePhase.PENDING);
        assertThat(status.observedGeneration()).isNull();
        assertThat(states(status))
                .hasSize(7)
                .containsEntry("ClusterReady", "False ClusterNotFound")
                .containsEntry("Ready", "False Waiting")
                .containsEntry("RolesCreated", "False Waiting");
    }

    @Test
    void aClusterThatIsAwayLeavesWhatWasFound() {
        after(attempt(ALL));
        PostgresDatabaseStatus status = after(Attempt.waiting(
                new ServedCluster.Away(DatabaseReason.CLUSTER_NOT_READY, "failing over"), "failing over"));
        assertThat(status.phase()).isEqualTo(DatabasePhase.PENDING);
        assertThat(states(status)).containsEntry("Ready", "False Waiting").containsEntry("RolesCreated", "True Done");
        assertThat(after(attempt(ALL)).phase()).isEqualTo(DatabasePhase.READY);
    }
}
