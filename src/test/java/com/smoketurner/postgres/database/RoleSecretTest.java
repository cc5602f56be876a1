package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresDatabase;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application finds in its Secret, and which Secrets are left alone. */
class RoleSecretTest {
    private static final PostgresDatabase DATABASE = Serialization.unmarshal("""
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresDatabase
            metadata: {name: app, namespace: team, uid: "1"}
            spec:
              clusterRef: {name: main, namespace: data}
              database: {name: app, owner: app_owner}
            """, PostgresDatabase.class);

    private static ServedCluster cluster(String spec) {
        PostgresCluster cluster = Serialization.unmarshal("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresCluster
                metadata: {name: main, namespace: data, uid: "2"}
                spec: {version: "17", replicas: 1, storage: {size: 1Gi}%s}
                """.formatted(spec), PostgresCluster.class);
        return new ServedCluster(cluster, "main-0", false);
    }

    private static Map<String, String> values(Secret secret) {
        Map<String, String> values = new TreeMap<>();
        secret.getData()
                .forEach((key, value) ->
                        values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return values;
    }

    private static Map<String, String> of(String password, String spec) {
        return values(RoleSecret.desired(DATABASE, cluster(spec), "app_owner", "s", password, Optional.empty(), "CA"));
    }

    @Test
    void hasAllThatAnApplicationNeeds() {
        assertThat(of("secret", ", pgbouncer: {enabled: true}"))
                .containsEntry("type", "postgresql")
                .containsEntry("username", "app_owner")
                .containsEntry("host", "main-primary.data.svc")
                .containsEntry("port", "5432")
                .containsEntry("database", "app")
                .containsEntry("ca.crt", "CA")
                .containsEntry("uri", "postgresql://app_owner:secret@main-primary.data.svc:5432/app?sslmode=require")
                .containsEntry(
                        "pooler-uri", "postgresql://app_owner:secret@main-pooler.data.svc:6432/app?sslmode=require")
                .containsEntry(
                        "jdbc-url",
                        "jdbc:postgresql://main-primary.data.svc:5432/app?user=app_owner&password=secret&sslmode=require");
        assertThat(of("secret", ", tls: {enabled: false}"))
                .doesNotContainKeys("sslmode", "ca.crt", "pooler-uri")
                .containsEntry("uri", "postgresql://app_owner:secret@main-primary.data.svc:5432/app");
    }

    /** As PostgreSQL's driver reads it; by reflection, because javac does not know its annotations. */
    private static Properties parsed(String url) throws ReflectiveOperationException {
        return (Properties) Class.forName("org.postgresql.Driver")
                .getMethod("parseURL", String.class, Properties.class)
                .invoke(null, url, new Properties());
    }

    /** Whatever is in a password, clients read the same out of the URI and the URL. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
                "ü€😀 名",
                "%41%",
                "a+b c"
            })
    void aPasswordSurvivesUriAndUrl(String password) throws ReflectiveOperationException {
        Map<String, String> values = of(password, "");
        Properties parsed = parsed(Objects.requireNonNull(values.get("jdbc-url")));
        assertThat(parsed).containsEntry("password", password).containsEntry("user", "app_owner");
        assertThat(URI.create(Objects.requireNonNull(values.get("uri"))).getUserInfo())
                .isEqualTo("app_owner:" + password);
    }

    private static Secret given(String... entries) {
        var builder = new SecretBuilder()
                .withNewMetadata()
                .withName("s")
                .withNamespace("team")
                .endMetadata()
                .withType("Opaque");
        for (int i = 0; i < entries.length; i += 2) {
            builder.addToData(
                    entries[i], Base64.getEncoder().encodeToString(entries[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build();
    }

    private static RoleSecret.Content read(Secret secret) {
        return RoleSecret.read(
                DATABASE,
                "app_owner",
                "s",
                Optional.of(secret),
                id -> id.getName().equals("another"));
    }

    @Test
    void takesThePasswordOfAUserAndKeepsItAsItIsWritten() {
        Secret secret = given("password", "by echo\n");
        assertThat(read(secret)).isEqualTo(new RoleSecret.Password("by echo"));
        Secret desired =
                RoleSecret.desired(DATABASE, cluster(""), "app_owner", "s", "by echo", Optional.of(secret), "");
        assertThat(values(desired)).containsEntry("password", "by echo\n").containsEntry("username", "app_owner");
        assertThat(desired.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(read(given("other", "x"))).isEqualTo(new RoleSecret.None());
    }

    @Test
    void leavesSecretsOfOthersAlone() {
        Secret owned = given("password", "x");
        owned.getMetadata()
                .getOwnerReferences()
                .add(new OwnerReferenceBuilder()
                        .withUid("9")
                        .withController(true)
                        .build());
        Secret token = given("password", "x");
        token.setType("kubernetes.io/service-account-token");
        Secret other = given("password", "x");
        other.getMetadata().setLabels(Map.of("postgres-operator.smoketurner.com/database", "another"));
        for (Secret secret : new Secret[] {
            owned, token, other, given("username", "root", "password", "x"), given("host", "elsewhere", "password", "x")
        }) {
            assertThat(read(secret))
                    .isInstanceOfSatisfying(
                            RoleSecret.Unusable.class,
                            unusable -> assertThat(unusable.why()).contains("Secret s", "set another secretName"));
        }
        other.getMetadata().setLabels(Map.of("postgres-operator.smoketurner.com/database", "gone"));
        assertThat(read(other)).isEqualTo(new RoleSecret.Password("x"));
        assertThat(read(given("password", ""))).isInstanceOf(RoleSecret.Unusable.class);
        assertThat(read(given("password", "a\tb"))).isInstanceOf(RoleSecret.Unusable.class);
    }
}
