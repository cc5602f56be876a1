package com.smoketurner.postgres.database.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresDatabase;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of two PostgresDatabases of a cluster has the say. */
class ClaimsTest {

    private static PostgresDatabase resource(String namespace, String name, int age, String database, String roles) {
        return Serialization.unmarshal(
                """
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: %s, namespace: %s, creationTimestamp: "2026-01-01T00:00:%02dZ"}
                spec:
                  clusterRef: {name: main, namespace: data}
                  database: {name: %s, owner: %s_owner}
                  roles: [%s]
                """.formatted(name, namespace, 59 - age, database, database, roles), PostgresDatabase.class);
    }

    @Test
    void theOlderOneHasTheDatabase() {
        PostgresDatabase older = resource("ns", "z", 2, "app", "");
        PostgresDatabase younger = resource("ns", "a", 1, "app", "");
        assertThat(Claims.of(older, List.of(older, younger)).database()).isEmpty();
        assertThat(Claims.of(younger, List.of(older, younger)).database())
                .hasValueSatisfying(why -> assertThat(why).contains("ns/z", "app"));
        older.getMetadata().setDeletionTimestamp("2026-01-02T00:00:00Z");
        assertThat(Claims.of(younger, List.of(older, younger)).database()).isEmpty();
    }

    @Test
    void aRoleIsSharedWhenBothSayTheSame() {
        PostgresDatabase older = resource("ns", "one", 2, "one", "{name: app, secretName: s1}");
        assertThat(Claims.of(resource("ns", "two", 1, "two", "{name: app, login: true}"), List.of(older))
                        .roles())
                .isEmpty();
        assertThat(Claims.of(
                                resource("ns", "two", 1, "two", "{name: app, login: true, privileges: [CREATEDB]}"),
                                List.of(older))
                        .roles())
                .containsOnlyKeys("app");
        assertThat(Claims.of(resource("ns", "two", 1, "two", "{name: app, login: true, inRoles: [x]}"), List.of(older))
                        .roles())
                .containsOnlyKeys("app");
    }

    @Test
    void aPasswordHasOneSecret() {
        PostgresDatabase older = resource("ns", "one", 2, "one", "{name: app, secretName: s1}");
        PostgresDatabase younger = resource("ns", "two", 1, "two", "{name: app, secretName: s2}");
        assertThat(Claims.of(younger, List.of(older)).roles().get("app")).contains("ns/one", "remove one secretName");
        assertThat(Claims.of(older, List.of(younger)).roles()).isEmpty();
    }

    /** The registry decides there; a claim of a namespace that has nothing blocks nobody. */
    @Test
    void otherNamespacesHaveNoSay() {
        PostgresDatabase older = resource("ns", "one", 2, "one", "{name: app}");
        Claims claims = Claims.of(resource("else", "two", 1, "one", "{name: app, login: true}"), List.of(older));
        assertThat(claims.roles()).isEmpty();
        assertThat(claims.database()).isEmpty();
        assertThat(claims.live()).containsExactly("ns/one");
    }
}
