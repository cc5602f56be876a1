package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Guide;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user is told whose backup or restore cannot be configured, and that a correction is all it takes. */
@ExtendWith(ApiServer.class)
class BackupApiTest {
    private static final String NEVER = "0 0 1 1 *";
    private static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret");

    private final Namespace ns;

    BackupApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    @AfterEach
    void podsProceed() {
        ApiServer.members().release(ns.name());
    }

    private void secret(String name, Map<String, String> values) {
        ObjectStore.secret(ns, name, values);
    }

    private Manifest withBackup(String name, String schedule) {
        Map<String, Object> backup = ObjectStore.backup(schedule);
        return Manifest.cluster(name).spec("backup", backup).without("spec", "backup", "destination", "caSecret");
    }

    @Test
    @Acceptance({96, 97})
    @BadInput({20, 21, 22, 23})
    void missingAndMalformedSecretsAreNamedOneAfterTheOther() {
        Cluster cluster = ns.apply(withBackup("secrets", NEVER));
        var missing = cluster.awaitCondition("ConfigurationValid", "False", "BackupCredentialsNotFound");
        assertThat(missing.message())
                .isEqualTo("Backup credentials secret 's3-credentials' not found for S3 destination");
        assertThat(cluster.phase()).isEqualTo("Failed");
        secret(ObjectStore.CREDENTIALS, Map.of("AWS_ACCESS_KEY_ID", "id"));
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "BackupCredentialsInvalid")
                        .message())
                .contains("AWS_SECRET_ACCESS_KEY");
        secret(ObjectStore.CREDENTIALS, CREDENTIALS);
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "EncryptionKeyNotFound")
                        .message())
                .isEqualTo("Backup encryption key secret 'backup-encryption-key' not found");
        secret(ObjectStore.KEY, Map.of("encryption-key", "tooshort12"));
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidEncryptionKey")
                        .message())
                .contains("64 hexadecimal digits", "base64")
                .doesNotContain("tooshort12");
        secret(ObjectStore.KEY, Map.of("encryption-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        cluster.awaitPhase("Running");
        String files = ns.get("secret", "secrets-backup").path("data").toString();
        assertThat(files).contains("pgbackrest.conf", "revision").doesNotContain("claimed");
    }

    /** They name neither an engine nor a path: the engine is the operator's, the path follows from the names. */
    @Test
    @Acceptance({92, 112})
    void theGuidesManifestsAreAcceptedAsWritten() {
        secret(Guide.DESTINATION_CREDENTIALS, CREDENTIALS);
        secret(Guide.SOURCE_CREDENTIALS, CREDENTIALS);
        String key = ObjectStore.randomHex();
        secret(ObjectStore.KEY, Map.of("WALG_LIBSODIUM_KEY", key));
        Cluster saved = ns.apply(Manifest.cluster("my-cluster").with(Guide.backup(), "spec", "backup"));
        saved.awaitPhase("Running");
        ApiServer.members().holdPods(ns.name());
        ns.apply(Guide.restoreToATime());
        ns.apply(Manifest.cluster("from-a-backup").with(Guide.restoreABackup(), "spec", "restore"));
        assertThat(saved.status().at("/backup/enabled").asBoolean()).isTrue();
        assertThat(saved.status().at("/backup/destinationType").asText()).isEqualTo("S3");
        assertThat(settings("my-cluster-backup"))
                .contains("WALG_S3_PREFIX='s3://my-backups/%s/my-cluster'".formatted(ns.name()), key);
        for (String restored : new String[] {"restored-cluster", "from-a-backup"}) {
            ns.cluster(restored).awaitCondition("Ready", "False", "Restoring");
            assertThat(settings(restored + "-restore")).contains("'s3://my-postgres-backups/", key);
        }
    }

    /** The settings of the engine that is the operator's default. */
    private String settings(String secret) {
        String file = ns.get("secret", secret).path("data").path("wal-g.env").asText();
        return new String(Base64.getDecoder().decode(file), StandardCharsets.UTF_8);
    }

    @Test
    @BadInput(17)
    void aScheduleThatIsNeverDueIsRefused() {
        Cluster cluster = ns.apply(withBackup("schedule", "61 * * * *"));
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidBackupSchedule")
                        .message())
                .contains("backup.schedule \"61 * * * *\"");
    }

    @Test
    @Acceptance(107)
    void aRequestWithoutADestinationFailsOnce() {
        Cluster cluster = ns.apply(Manifest.cluster("nowhere")).awaitPhase("Running");
        ns.kubectl("annotate", "pgc", "nowhere", "postgres-operator.smoketurner.com/trigger-backup=one")
                .orThrow();
        cluster.awaitEvent("ManualBackupFailed");
        assertThat(cluster.status().at("/backup/lastManualBackupStatus").asText())
                .isEqualTo("failed");
    }

    @Test
    @BadInput(31)
    void aRestoreWithoutItsSecretsStartsNoPod() {
        ApiServer.members().holdPods(ns.name());
        Cluster cluster = ns.apply(Manifest.cluster("restored")
                .with(ObjectStore.source(ns.name(), "lost"), "spec", "restore", "source")
                .without("spec", "restore", "source", "caSecret")
                .with("restore-credentials", "spec", "restore", "source", "credentialsSecret")
                .with("restore-key", "spec", "restore", "source", "encryptionKeySecret"));
        assertThat(cluster.awaitCondition("Ready", "False", "RestoreCredentialsNotFound")
                        .message())
                .contains("restore-credentials");
        secret("restore-credentials", CREDENTIALS);
        cluster.awaitCondition("Ready", "False", "RestoreKeyNotFound");
        assertThat(ns.get("statefulset", "restored").isMissingNode()).isTrue();
        secret("restore-key", Map.of("encryption-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
        cluster.awaitCondition("Ready", "False", "Restoring");
    }
}
