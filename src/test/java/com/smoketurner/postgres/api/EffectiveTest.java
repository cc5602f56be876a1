package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a spec means, whichever of the accepted ways it was written in. */
final class EffectiveTest {
    private static PostgresClusterSpec spec(String more) {
        return read("version: \"16\", storage: {size: 1Gi}, " + more, PostgresClusterSpec.class);
    }

    private static <T> T read(String fields, Class<T> type) {
        return Serialization.unmarshal("--- {" + fields + "}", type);
    }

    @Test
    void tlsIsOnUnlessSwitchedOff() {
        assertThat(spec("").tlsEnabled()).isTrue();
        assertThat(spec("tls: {issuerRef: {name: a}}").tlsEnabled()).isTrue();
        assertThat(spec("tls: {enabled: false}").tlsEnabled()).isFalse();
    }

    @Test
    void nestedS3DestinationIsTheFlatOne() {
        String fields =
                "bucket: b, region: r, endpoint: \"http://s3\", forcePathStyle: true, credentialsSecret: s, caSecret: c, path: p";
        var nested = read("S3: {" + fields + "}", BackupDestinationSpec.class);
        var flat = read("type: S3, " + fields, BackupDestinationSpec.class);
        assertThat(nested.flat()).isEqualTo(flat);
        assertThat(flat.flat()).isEqualTo(flat);
    }

    @Test
    void bucketIsTheContainerOfAzure() {
        var destination =
                read("type: Azure, bucket: b", BackupDestinationSpec.class).flat();
        assertThat(destination.container()).isEqualTo("b");
        assertThat(destination.bucket()).isNull();
        var source = read("type: Azure, bucket: b", RestoreSourceSpec.class).flat();
        assertThat(source.container()).isEqualTo("b");
        assertThat(source.bucket()).isNull();
    }

    @Test
    void nestedS3SourceIsTheFlatOne() {
        var nested = read("s3: {prefix: \"s3://b/p\", caSecret: c, encryptionKeySecret: k}", RestoreSourceSpec.class);
        var flat = read("type: S3, prefix: \"s3://b/p\", caSecret: c, encryptionKeySecret: k", RestoreSourceSpec.class);
        assertThat(nested.flat()).isEqualTo(flat);
        assertThat(flat.flat()).isEqualTo(flat);
        assertThat(spec("restore: {source: {s3: {prefix: \"s3://b/p\", encryptionKeySecret: k}}}")
                        .restoreKeySecret())
                .isEqualTo("k");
    }

    @Test
    void keyOfTheRestoreFallsBackToThatOfTheBackups() {
        assertThat(spec("backup: {encryption: {keySecret: b}}, restore: {source: {bucket: a}}")
                        .restoreKeySecret())
                .isEqualTo("b");
        assertThat(spec("backup: {encryption: {keySecret: b}}").restoreKeySecret())
                .isNull();
    }

    @Test
    void recoveryTargetIsTheTarget() {
        var restore = read("source: {bucket: a}, recoveryTarget: {backup: LATEST, timeline: 3}", RestoreSpec.class);
        assertThat(restore.targetOrDefault().backupName()).isEqualTo("LATEST");
        assertThat(restore.targetOrDefault().timeline()).isEqualTo(3);
        assertThat(read("source: {bucket: a}", RestoreSpec.class)
                        .targetOrDefault()
                        .immediateOrDefault())
                .isFalse();
    }

    @Test
    void scalingTriggersMayBeNested() {
        var nested =
                read("metrics: {cpu: {targetUtilization: 60}, connections: {targetPerReplica: 50}}", ScalingSpec.class);
        assertThat(nested.active()).isTrue();
        assertThat(nested.cpuTarget()).isEqualTo(60);
        assertThat(nested.connectionTarget()).isEqualTo(50);
        var both = read("cpuTargetUtilization: 70, metrics: {cpu: {targetUtilization: 60}}", ScalingSpec.class);
        assertThat(both.cpuTarget()).isEqualTo(70);
        assertThat(read("replicationLagThreshold: 5s", ScalingSpec.class).active())
                .isFalse();
        assertThat(read("enabled: false, metrics: {}", ScalingSpec.class).active())
                .isFalse();
    }

    @Test
    void scalingNeedsRoom() {
        assertThat(spec("replicas: 3, scaling: {enabled: true}").scalingActive())
                .isTrue();
        assertThat(spec("replicas: 3, scaling: {enabled: true}").minReplicas()).isEqualTo(3);
        assertThat(spec("replicas: 3, scaling: {enabled: true, maxReplicas: 3}").scalingActive())
                .isFalse();
        assertThat(spec("replicas: 3").scalingActive()).isFalse();
    }

    @Test
    void networkPolicyIsOnWhenAnythingOfItIsSet() {
        assertThat(spec("networkPolicy: {}").networkPolicyEnabled()).isFalse();
        assertThat(spec("networkPolicy: {denyEgress: false}").networkPolicyEnabled())
                .isFalse();
        assertThat(spec("networkPolicy: {allowFromNamespaces: [a]}").networkPolicyEnabled())
                .isTrue();
        assertThat(spec("networkPolicy: {enabled: false, allowFromNamespaces: [a]}")
                        .networkPolicyEnabled())
                .isFalse();
    }

    @Test
    void grantsNameTheirSchemaInTwoWays() {
        var grants = Serialization.unmarshal(
                        "--- {grants: [{role: a}, {role: a, schema: s}, {role: a, schema: s, onSchema: t, onTables: ALL}]}",
                        PostgresDatabaseSpec.class)
                .grants();
        assertThat(grants.stream().map(GrantSpec::effectiveSchema)).containsExactly("public", "s", "t");
        assertThat(grants.stream().map(GrantSpec::coversAllTables)).containsExactly(false, false, true);
    }

    @Test
    void rolesLogInWhenAskedOrGivenASecret() {
        var roles = Serialization.unmarshal(
                        "--- {roles: [{name: a}, {name: b, privileges: [LOGIN]}, {name: c, secretName: s},"
                                + " {name: d, secretName: s, login: false}]}",
                        PostgresDatabaseSpec.class)
                .roles();
        assertThat(roles.stream().map(RoleSpec::canLogin)).containsExactly(false, true, true, false);
    }

    @Test
    void durationsHaveDaysAndWeeks() {
        assertThat(Durations.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Durations.parse("2h30m")).isEqualTo(Duration.ofMinutes(150));
        assertThat(Durations.parse("2w1d")).isEqualTo(Duration.ofDays(15));
        assertThat(Durations.parse("1.5h")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Durations.parse("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.valid("fast")).isFalse();
        assertThatThrownBy(() -> Durations.parse("5")).hasMessageContaining("\"5\"");
    }
}
