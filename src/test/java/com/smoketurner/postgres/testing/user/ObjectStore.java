package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The lab's S3 as a user of a namespace has it: Secrets with its credentials, its authority, and a key for the backups. */
public final class ObjectStore {

    public static final String CREDENTIALS = "s3-credentials";
    public static final String CA = "s3-ca";
    public static final String KEY = "backup-encryption-key";
    public static final String BUCKET = "backups";

    /** A second bucket, for tests that need to know all that is in it: one class uses it. */
    public static final String GUIDES_BUCKET = "my-postgres-backups";

    private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";

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
        credentials(ns, CREDENTIALS);
        String ca = admin(ns, "get", "configmap", "-n", "s3", "lab-ca", "-o", "jsonpath={.data.ca\\.crt}")
                .orThrow();
        secret(ns, CA, Map.of("ca.crt", ca));
        secret(ns, KEY, Map.of(keyName, key));
    }

    /** Makes a Secret of this name with the credentials of the store's administrator. */
    public static void credentials(Namespace ns, String name) {
        secret(
                ns,
                name,
                Map.of(
                        ACCESS_KEY, administrator(ns, ACCESS_KEY),
                        SECRET_KEY, administrator(ns, SECRET_KEY)));
    }

    /** Makes a key pair of the store and writes it into the Secret of credentials, in place of another. */
    public static void useKeyPair(Namespace ns, String accessKey) {
        String secretKey = randomHex();
        gateway(ns, "create-user", "-a", accessKey, "-s", secretKey, "-r", "admin");
        secret(ns, CREDENTIALS, Map.of(ACCESS_KEY, accessKey, SECRET_KEY, secretKey));
    }

    /** The store refuses this key pair from now on. */
    public static void revokeKeyPair(Namespace ns, String accessKey) {
        gateway(ns, "delete-user", "-a", accessKey);
    }

    private static void gateway(Namespace ns, String... command) {
        var all = new ArrayList<>(List.of("exec", "-n", "s3", "deploy/s3", "--", "/versitygw", "admin"));
        all.addAll(List.of("-er", "https://127.0.0.1:7443", "--allow-insecure"));
        all.addAll(List.of("-a", administrator(ns, ACCESS_KEY), "-s", administrator(ns, SECRET_KEY)));
        all.addAll(List.of(command));
        admin(ns, all.toArray(String[]::new)).orThrow();
    }

    private static String administrator(Namespace ns, String key) {
        String encoded = admin(ns, "get", "secret", "-n", "s3", CREDENTIALS, "-o", "jsonpath={.data." + key + "}")
                .orThrow();
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /** The same with what the guide's manifests do not say: where the lab's S3 is and how it is reached. */
    public static Manifest reachable(Manifest manifest, String... path) {
        Manifest reachable = manifest;
        for (String field : List.of("endpoint", "forcePathStyle", "caSecret")) {
            var at = new ArrayList<>(List.of(path));
            at.add(field);
            reachable = reachable.with(Objects.requireNonNull(destination().get(field)), at.toArray(String[]::new));
        }
        return reachable;
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

    /** A key for backups as {@code openssl rand -hex 32} makes it. */
    public static String randomHex() {
        return Command.of("openssl", "rand", "-hex", "32").output().strip();
    }
}
