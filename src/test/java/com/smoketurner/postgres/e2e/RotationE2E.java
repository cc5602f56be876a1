package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Passwords, certificates and their authority change while clients log in all the time. Who logs in with the password that is valid
 * at that moment is never refused, no session of the pooler is cut, replication goes on.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the operator is killed, and clients take much of the machine")
@Tag("soak")
class RotationE2E {
    private static final String NAME = "rot";
    private static final String FOLDER = "/tmp/rotation";
    private static final int REPLICAS = 1;

    private final Namespace ns;
    private final Cluster cluster;

    @SuppressWarnings("NullAway.Init") // started before the test
    private ClientPod client;

    private int number;

    RotationE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(1 + REPLICAS)
                        .without("spec", "tls")
                        .spec("postgresqlParams", Map.of("track_commit_timestamp", "on"))
                        // Sessions of the pooler want another connection to the server every second.
                        .spec("pgbouncer", Map.of("enabled", true, "parameters", Map.of("server_lifetime", "1"))))
                .awaitPhase("Running");
        Waiting.until(
                "the poolers are ready",
                Waiting.LONG,
                () -> cluster.status().path("pgbouncerReadyReplicas").asInt(),
                ready -> ready == 2);
        client = ClientPod.start(ns, "client");
        client.exec("mkdir", FOLDER).orThrow();
        write("rotation.py", Resources.text("/e2e/rotation.py"));
    }

    private void write(String file, String text) {
        client.exec(
                        "sh",
                        "-c",
                        "printf '%s' \"$2\" >\"$1.new\" && mv \"$1.new\" \"$1\"",
                        "sh",
                        FOLDER + "/" + file,
                        text)
                .orThrow();
    }

    private void append(String file, String line) {
        client.exec("sh", "-c", "printf '%s\\n' \"$2\" >>\"$1\"", "sh", FOLDER + "/" + file, line)
                .orThrow();
    }

    private String bundle() {
        return ns.get("configmap", NAME + "-ca-bundle").at("/data/ca.crt").asText();
    }

    /** As clients do that mount the authorities, but without the time of their kubelet. */
    private Watch followAuthorities() {
        return ns.client()
                .configMaps()
                .inNamespace(ns.name())
                .withName(NAME + "-ca-bundle")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        if (action != Action.DELETED) {
                            write("ca.crt", map.getData().getOrDefault("ca.crt", ""));
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                });
    }

    /** When the password of the superuser last changed on the server. */
    private String changed() {
        return cluster.exec(
                        cluster.primary(),
                        "psql",
                        "-XAtqc",
                        "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM pg_authid WHERE rolname = 'postgres'")
                .out()
                .strip();
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    /** Lets a password change; whoever knows it first tells the clients. */
    private void rotate(boolean generated) {
        String before = changed();
        long revision = cluster.status().at("/credentials/revision").asLong();
        int k = ++number;
        Instant written;
        if (generated) {
            ns.kubectl("delete", "secret", NAME + "-credentials").orThrow();
            String password = Waiting.until(
                    "the Secret is back",
                    Waiting.SHORT,
                    () -> ns.secret(NAME + "-credentials", "password"),
                    text -> !text.isEmpty());
            written = Instant.now();
            append("passwords", k + " " + password);
        } else {
            String password = "given %d: 'it\\is\" free".formatted(k);
            append("passwords", k + " " + password);
            written = Instant.now();
            ns.client()
                    .secrets()
                    .inNamespace(ns.name())
                    .withName(NAME + "-credentials")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"data\":{\"password\":\"%s\",\"replication-password\":\"%s\"}}"
                                    .formatted(encoded(password), encoded("r" + password)));
        }
        String now = Waiting.until(
                "the password changes", Waiting.LONG, this::changed, time -> !time.isEmpty() && !time.equals(before));
        append("commits", "%d %s %.3f".formatted(k, now, seconds(written)));
        Waiting.until(
                "the rotation is recorded once",
                Waiting.LONG,
                () -> cluster.status().at("/credentials/revision").asLong(),
                counted -> counted > revision);
        Failover.awaitStreaming(cluster, REPLICAS);
        assertThat(cluster.status().at("/credentials/revision").asLong()).isEqualTo(revision + 1);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The serial number of the certificate that each listener shows: servers, Patroni, poolers. */
    private Map<String, String> shown() {
        var serials = new TreeMap<String, String>();
        for (var pod : cluster.pods()) {
            String address = pod.getStatus().getPodIP();
            serials.put(pod.getMetadata().getName() + ":5432", serial(address + ":5432 -starttls postgres"));
            serials.put(pod.getMetadata().getName() + ":8008", serial(address + ":8008"));
        }
        serials.put("pooler:6432", serial(NAME + "-pooler:6432 -starttls postgres"));
        return serials;
    }

    private String serial(String where) {
        return client.exec(
                        "sh",
                        "-c",
                        "echo | timeout 10 openssl s_client -connect " + where
                                + " 2>/dev/null | openssl x509 -noout -serial")
                .out()
                .strip();
    }

    private String issued(String secret) {
        return client.exec(
                        "sh",
                        "-c",
                        "printf '%s' \"$1\" | openssl x509 -noout -serial",
                        "sh",
                        ns.secret(secret, "tls.crt"))
                .out()
                .strip();
    }

    private void awaitIssuedIsShown() {
        Waiting.until("every listener shows the certificate of its Secret", Waiting.LONG, this::shown, serials -> {
            String member = issued(NAME + "-tls");
            String pooler = issued(NAME + "-pooler-tls");
            return serials.entrySet().stream()
                    .allMatch(entry -> entry.getValue().equals(entry.getKey().startsWith("pooler") ? pooler : member));
        });
    }

    private void renew() {
        String former = issued(NAME + "-tls");
        ns.kubectl("delete", "secret", NAME + "-tls", NAME + "-pooler-tls").orThrow();
        Waiting.until(
                "another certificate is issued",
                Waiting.LONG,
                () -> issued(NAME + "-tls"),
                serial -> serial.startsWith("serial=") && !serial.equals(former));
        awaitIssuedIsShown();
    }

    private void changeAuthority() {
        String former = ns.secret(NAME + "-ca", "tls.crt");
        ns.kubectl("delete", "secret", NAME + "-ca").orThrow();
        Waiting.until(
                "the members' certificate is by another authority",
                Waiting.LONG,
                () -> ns.secret(NAME + "-tls", "ca.crt"),
                authority -> !authority.isEmpty()
                        && !authority.equals(former)
                        && authority.equals(ns.secret(NAME + "-ca", "tls.crt")));
        awaitIssuedIsShown();
        assertThat(bundle())
                .contains(former.strip())
                .contains(ns.secret(NAME + "-ca", "tls.crt").strip());
    }

    private Map<String, String> postmasters() {
        return cluster.pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toMap(
                        name -> name,
                        name -> cluster.sql(name, "SELECT pg_postmaster_start_time()"),
                        (a, b) -> a,
                        TreeMap::new));
    }

    @Test
    @Acceptance({57, 190, 191})
    void nothingFailsWhilePasswordsAndCertificatesChange() {
        Map<String, String> started = postmasters();
        String primary = cluster.primary();
        append("passwords", "0 " + cluster.credential("password"));
        append("commits", "0 0 0");
        write("ca.crt", bundle());
        String pooled = "host=%s-pooler.%s.svc port=6432 user=postgres dbname=postgres".formatted(NAME, ns.name());
        String direct = "host=%s-primary.%s.svc user=postgres dbname=postgres".formatted(NAME, ns.name());
        client.exec(
                        "sh",
                        "-c",
                        "setsid python3 \"$@\" >/tmp/rotation.log 2>&1 </dev/null &",
                        "sh",
                        FOLDER + "/rotation.py",
                        FOLDER,
                        direct,
                        pooled,
                        Integer.toString(REPLICAS))
                .orThrow();
        Waiting.until(
                "all clients work",
                Waiting.LONG,
                () -> client.exec("cat", FOLDER + "/ready", "/tmp/rotation.log"),
                ready -> ready.ok());
        try (Watch authorities = followAuthorities()) {
            assertThat(authorities).isNotNull();
            for (int i = 0; i < Thorough.times(10, 2); i++) {
                rotate(true);
                renew();
                rotate(false);
            }
            changeAuthority();
            rotate(false);
            if (Thorough.on()) {
                killedAfterEachStep();
            }
        } finally {
            append("stop", "");
        }
        JsonNode result = Json.parse(Waiting.until(
                        "the clients have ended",
                        Waiting.LONG,
                        () -> client.exec("cat", FOLDER + "/result.json"),
                        r -> r.ok())
                .out());
        System.out.println(client.exec("cat", FOLDER + "/table").out());
        assertThat(result.path("failures"))
                .as("logins that failed with the valid password")
                .isEmpty();
        assertThat(result.path("cuts"))
                .as("sessions of the pooler that were cut")
                .isEmpty();
        assertThat(result.path("rows"))
                .allSatisfy(row -> assertThat(row.path("stale").asInt())
                        .as("logins with a password that was not valid")
                        .isZero());
        assertThat(postmasters()).as("servers that were restarted").isEqualTo(started);
        assertThat(cluster.primary()).isEqualTo(primary);
        cluster.awaitPhase("Running");
    }

    /** Wherever a rotation is left, the next operator goes on with it, and it is counted once. */
    private void killedAfterEachStep() {
        var operator = new Operator(ns.lab(), ns.client());
        Map<String, Supplier<String>> steps = new LinkedHashMap<>();
        steps.put("the wish is recorded", () -> version("secret", NAME + "-patroni"));
        steps.put(
                "the files are brought into the pods",
                () -> ns.get("pod", NAME + "-0")
                        .at("/metadata/annotations")
                        .path(Project.GROUP + "/passwords-changed")
                        .asText());
        steps.put("the server has been given it", this::changed);
        steps.put(
                "replicas log in with it",
                () -> cluster.exec(NAME + "-1", "cksum", "/tmp/pgpass").out()
                        + cluster.exec(NAME + "-0", "cksum", "/tmp/pgpass").out());
        steps.put("what follows is written", () -> ns.secret(NAME + "-credentials", "uri"));
        steps.put("it is recorded", () -> version("secret", NAME + "-internal"));
        steps.forEach((step, look) -> {
            String before = look.get();
            var kill = CompletableFuture.runAsync(() -> {
                Waiting.until(step, Waiting.LONG, look::get, now -> !now.equals(before));
                operator.kill();
            });
            rotate(false);
            kill.join();
            System.out.println("the operator was killed when " + step);
        });
    }

    private String version(String kind, String name) {
        return ns.get(kind, name).at("/metadata/resourceVersion").asText();
    }
}
