package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The lab's S3 as a user of a namespace has it: Secrets with its credentials, its authority, and a key for the backups. */
public final class ObjectStore {

    public static final String CREDENTIALS = "s3-credentials";
    public static final String CA = "s3-ca";
    public static final String KEY = "backup-encryption-key";
    public static final String BUCKET = "backups";

    private ObjectStore() {}

    /** Makes the Secrets, with a new key. */
    public static void prepare(Namespace ns) {
        prepare(ns, "WALG_LIBSODIUM_KEY", randomHex());
    }

    /** Makes the Secrets, with this key. */
    public static void prepare(Namespace ns, String keyName, String key) {
        Waiting.until(
                "the lab's S3 is there",
                Waiting.LONG,
                () -> admin(ns, "get", "secret", "-n", "s3", CREDENTIALS, "-o", "json"),
                Command.Result::ok);
        JsonNode data = Json.yaml(admin(ns, "get", "secret", "-n", "s3", CREDENTIALS, "-o", "json")
                        .orThrow())
                .path("data");
        ns.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                data: %s
                """.formatted(CREDENTIALS, data));
        String ca = admin(ns, "get", "configmap", "-n", "s3", "lab-ca", "-o", "jsonpath={.data.ca\\.crt}")
                .orThrow();
        secret(ns, CA, Map.of("ca.crt", ca));
        secret(ns, KEY, Map.of(keyName, key));
    }

    /** Writes a Secret, in place of one of that name. */
    public static void secret(Namespace ns, String name, Map<String, String> values) {
        var data = new TreeMap<String, String>();
        values.forEach((key, value) ->
                data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        ns.apply(Manifest.of("""
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: %s}
                        """.formatted(name)).with(data, "data").text());
    }

    /** {@code spec.backup} with a destination in the lab's S3. */
    public static Map<String, Object> backup(String schedule) {
        var backup = new TreeMap<String, Object>();
        backup.put("engine", "PgBackRest");
        backup.put("schedule", schedule);
        backup.put("encryption", Map.of("method", "aes256", "keySecret", KEY));
        backup.put("destination", destination());
        return backup;
    }

    /** Where the lab's S3 is; as a destination and as a source. */
    public static Map<String, Object> destination() {
        var destination = new TreeMap<String, Object>();
        destination.put("type", "S3");
        destination.put("bucket", BUCKET);
        destination.put("region", "us-east-1");
        destination.put("endpoint", "https://s3.s3.svc.cluster.local");
        destination.put("forcePathStyle", true);
        destination.put("credentialsSecret", CREDENTIALS);
        destination.put("caSecret", CA);
        return destination;
    }

    /** {@code spec.restore.source} for a cluster of this namespace. */
    public static Map<String, Object> source(String namespace, String cluster) {
        var source = new TreeMap<>(destination());
        source.put("engine", "PgBackRest");
        source.put("path", namespace + "/" + cluster);
        source.put("encryptionKeySecret", KEY);
        return source;
    }

    private static Command.Result admin(Namespace ns, String... args) {
        return ns.lab().kubectl("", List.of(args));
    }

    private static String randomHex() {
        return Command.of("openssl", "rand", "-hex", "32").output().strip();
    }
}
