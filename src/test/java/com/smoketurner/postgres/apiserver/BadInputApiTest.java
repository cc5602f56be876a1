package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.ApiServer;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A wrong cluster, applied with kubectl as a user would, is refused at once with a message that says what is wrong. */
@ExtendWith(ApiServer.class)
class BadInputApiTest {
    private static final Manifest GOOD = Manifest.cluster("db");
    private static final Map<String, Object> KEY = Map.of("keySecret", "key");

    private final Namespace ns;

    BadInputApiTest(Namespace ns) {
        this.ns = ns;
    }

    /** Applies and expects all of these in what kubectl says. */
    private void refused(Manifest manifest, String... said) {
        var result = ns.tryApply(manifest);
        assertThat(result.ok()).as("accepted: %s", manifest).isFalse();
        assertThat(result.err()).as("%s", manifest).contains(said);
    }

    private static Manifest restore(Map<String, Object> source, Map<String, Object> target) {
        return GOOD.spec("restore", Map.of("source", source, "target", target));
    }

    private static Manifest destination(Map<String, Object> destination) {
        return GOOD.spec("backup", Map.of("schedule", "0 2 * * *", "destination", destination, "encryption", KEY));
    }

    @Test
    @BadInput({1, 2, 3, 4})
    void replicasAndVersion() {
        refused(GOOD.replicas(0), "replicas must be at least 1");
        refused(GOOD.replicas(101), "replicas cannot exceed 100");
        for (String version : List.of("14", "16.2", "99")) {
            refused(GOOD.spec("version", version), "spec.version", "\"15\"", "\"16\"", "\"17\"", "\"18\"");
        }
        refused(GOOD.spec("version", 16), "spec.version", "must be of type string");
        refused(GOOD.without("spec", "version"), "spec.version: Required value");
        refused(GOOD.without("spec", "storage"), "spec.storage: Required value");
        refused(GOOD.without("spec", "storage", "size"), "spec.storage.size: Required value");
    }

    @Test
    @BadInput(5)
    void sizeIsAQuantity() {
        for (String size : List.of("abc", "", "-1Gi", "10GiB", "0")) {
            refused(
                    GOOD.with(size, "spec", "storage", "size"),
                    "storage.size must be a valid Kubernetes quantity (e.g., '10Gi', '500Mi')");
        }
    }

    @Test
    @BadInput({6, 7, 8, 54})
    void whatCannotChangeLater() {
        var made = GOOD.with("kept", "metadata", "name").with("2Gi", "spec", "storage", "size");
        ns.apply(made.text());
        refused(made.with("1Gi", "spec", "storage", "size"), "storage.size cannot be decreased");
        refused(
                made.with("fast-ssd", "spec", "storage", "storageClass"),
                "Storage class cannot be changed after creation");
        refused(
                made.spec("version", "15"),
                "PostgreSQL version downgrades are not allowed. Current version: 16, requested: 15");
        var again = ns.kubectlReading(made.text(), "create", "-f", "-");
        assertThat(again.ok()).isFalse();
        assertThat(again.err()).contains("already exists");

        var classed = made.with("classed", "metadata", "name").with("fast-ssd", "spec", "storage", "storageClass");
        ns.apply(classed.text());
        refused(
                classed.with("other", "spec", "storage", "storageClass"),
                "Storage class cannot be changed after creation");
        refused(classed.without("spec", "storage", "storageClass"), "Storage class cannot be changed after creation");
    }

    @Test
    @BadInput({9, 10, 13})
    void tls() {
        String noIssuer = "TLS is enabled but no issuer reference is configured";
        refused(GOOD.spec("tls", Map.of()), noIssuer);
        refused(GOOD.spec("tls", Map.of("enabled", true)), noIssuer);
        refused(GOOD.with("Foo", "spec", "tls", "issuerRef", "kind"), "Issuer", "ClusterIssuer");
        refused(
                GOOD.with("24h", "spec", "tls", "duration").with("24h", "spec", "tls", "renewBefore"),
                "tls.renewBefore must be shorter than tls.duration");
    }

    @Test
    @BadInput({14, 15, 16, 18, 19, 25, 27})
    void backup() {
        refused(
                GOOD.spec("backup", Map.of("schedule", "0 2 * * *")),
                "backup encryption is required when backups are configured");
        assertThat(ns.tryApply(GOOD.spec("backup", Map.of("encryption", Map.of("keySecret", ""))))
                        .err())
                .containsIgnoringCase("backup encryption is required");
        refused(
                destination(Map.of("type", "S3", "bucket", "b", "region", "r", "credentialsSecret", "s"))
                        .without("spec", "backup", "schedule"),
                "backup.schedule is required when backup.destination is configured");
        refused(destination(Map.of("type", "FTP", "bucket", "b")), "\"S3\"", "\"GCS\"", "\"Azure\"");
        String incomplete = "S3 destination requires bucket, region and credentialsSecret";
        refused(destination(Map.of("type", "S3", "region", "r", "credentialsSecret", "s")), incomplete);
        refused(destination(Map.of("type", "S3", "bucket", "b", "credentialsSecret", "s")), incomplete);
        refused(destination(Map.of("type", "S3", "bucket", "b", "region", "r")), incomplete);
        var encrypted = GOOD.spec("backup", Map.of("encryption", KEY));
        refused(encrypted.with(0, "spec", "backup", "retention", "count"), "spec.backup.retention.count");
        refused(encrypted.with("soon", "spec", "backup", "retention", "maxAge"), "spec.backup.retention.maxAge");
        refused(
                encrypted.with("gzip", "spec", "backup", "compression"),
                "\"lz4\"",
                "\"lzma\"",
                "\"brotli\"",
                "\"zstd\"",
                "\"none\"");
    }

    @Test
    @BadInput({28, 29, 30, 35})
    void restore() {
        Map<String, Object> open = Map.of("bucket", "b", "region", "r", "credentialsSecret", "s");
        Map<String, Object> source =
                Map.of("bucket", "b", "region", "r", "credentialsSecret", "s", "encryptionKeySecret", "k");
        refused(
                restore(open, Map.of()),
                "restore.source.encryptionKeySecret is required: backups are always encrypted");
        refused(restore(source, Map.of("time", "yesterday")), "spec.restore.target.time");
        refused(
                restore(source, Map.of("time", "2024-01-15T10:30:00Z", "immediate", true)),
                "restore.target.immediate and restore.target.time are mutually exclusive");
        var made = restore(source, Map.of("time", "2024-01-15T10:30:00Z")).with("restored", "metadata", "name");
        ns.apply(made.text());
        String fixed = "spec.restore cannot be changed after creation";
        refused(made.with("2024-01-15T11:30:00Z", "spec", "restore", "target", "time"), fixed);
        refused(made.without("spec", "restore"), fixed);
    }

    @Test
    @BadInput(38)
    void resources() {
        for (String resource : List.of("cpu", "memory")) {
            refused(
                    GOOD.with("2", "spec", "resources", "requests", resource)
                            .with("1", "spec", "resources", "limits", resource),
                    "resources.requests." + resource + " must not exceed resources.limits." + resource);
        }
        refused(GOOD.with("abc", "spec", "resources", "requests", "cpu"), "spec.resources");
    }

    @Test
    @BadInput({42, 43, 48})
    void serviceAndNetwork() {
        refused(
                GOOD.spec("service", Map.of("nodePort", 30432)),
                "nodePort is only valid when service type is NodePort");
        refused(
                GOOD.spec("service", Map.of("type", "NodePort", "loadBalancerSourceRanges", List.of("10.0.0.0/8"))),
                "loadBalancerSourceRanges is only valid when service type is LoadBalancer");
        refused(
                GOOD.spec("service", Map.of("externalTrafficPolicy", "Local")),
                "externalTrafficPolicy is only valid for NodePort or LoadBalancer service types");
        refused(GOOD.spec("service", Map.of("type", "NodePort", "nodePort", 80)), "spec.service.nodePort", "30000");
        refused(
                GOOD.spec("networkPolicy", Map.of("allowExternalCidrs", List.of("10.0.0.0"))),
                "networkPolicy.allowExternalCidrs must contain CIDR blocks");
    }

    @Test
    @BadInput({44, 45, 47, 49})
    void scalingAndPooler() {
        refused(
                GOOD.spec("scaling", Map.of("enabled", true, "minReplicas", 5, "maxReplicas", 3)),
                "scaling.minReplicas must not exceed scaling.maxReplicas");
        refused(
                GOOD.without("spec", "resources").spec("scaling", Map.of("enabled", true, "cpuTargetUtilization", 70)),
                "scaling.cpuTargetUtilization requires spec.resources.requests.cpu");
        refused(
                GOOD.spec("scaling", Map.of("replicationLagThreshold", "fast")),
                "spec.scaling.replicationLagThreshold");
        refused(GOOD.spec("pgbouncer", Map.of("poolMode", "magic")), "\"session\"", "\"transaction\"", "\"statement\"");
        refused(GOOD.spec("pgbouncer", Map.of("replicas", 11)), "spec.pgbouncer.replicas", "10");
        refused(GOOD.spec("pgbouncer", Map.of("maxClientConn", 5)), "spec.pgbouncer.maxClientConn", "10");
    }

    @Test
    @BadInput(50)
    void names() {
        String rule = "cluster name must be a DNS label of at most 50 characters and must not end in a reserved suffix";
        refused(GOOD.with("1db", "metadata", "name"), rule);
        refused(GOOD.with("x".repeat(51), "metadata", "name"), rule);
        for (String suffix : List.of("primary", "repl", "headless", "config", "failover", "sync", "leader", "pooler")) {
            refused(GOOD.with("x-" + suffix, "metadata", "name"), rule);
        }
        // Kubernetes itself refuses these before any rule of ours is asked.
        refused(GOOD.with("Db", "metadata", "name"), "metadata.name", "lowercase");
    }

    @Test
    @BadInput({36, 73})
    void parametersAndUnknownFields() {
        for (String parameter : List.of("port", "archive_command", "ssl", "recovery_target_time")) {
            refused(
                    GOOD.spec("postgresqlParams", Map.of(parameter, "1")),
                    "[ReservedParameter]",
                    "parameter " + parameter + " is managed by the operator and cannot be set");
        }
        refused(GOOD.spec("replcas", 3), "unknown field", "replcas");
    }
}
