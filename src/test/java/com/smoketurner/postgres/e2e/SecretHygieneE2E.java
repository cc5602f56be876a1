package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.observe.Needles;
import com.smoketurner.postgres.testing.observe.ProcessWatch;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With everything switched on and changed once, no password or key is seen by those who may not read Secrets. */
@ExtendWith(EndToEnd.class)
class SecretHygieneE2E {
    private static final String NAME = "discreet";
    private static final String GROUP = Project.GROUP + "/";
    private static final String POOLER =
            "host=%s port=6432 sslmode=verify-full sslrootcert=/tls/ca.crt user=postgres dbname=postgres";

    private final Namespace ns;
    private final Cluster cluster;
    private final Needles needles = new Needles();

    SecretHygieneE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @Test
    void nobodySeesPasswordsOrKeys() {
        Map<String, String> texts = new TreeMap<>();
        Set<String> searched = ConcurrentHashMap.newKeySet();
        try (var processes = ProcessWatch.start();
                var pods = ns.client().pods().inAnyNamespace().inform(new Searched(searched))) {
            assertThat(pods.hasSynced()).isTrue();
            create();
            searchForPresentSecrets();
            change();
            searchForPresentSecrets();
            texts.putAll(processes.texts(searched));
        }
        texts.putAll(logs());
        texts.putAll(objects());
        // What is searched has what it should have, so that nothing found means something.
        assertThat(needles.size()).isGreaterThan(100);
        assertThat(String.join("\n", texts.keySet()))
                .contains(
                        "the command line of postgres:",
                        "the command line of pgbackrest",
                        "the environment of pgbouncer",
                        "the log of " + NAME + "-0 postgres",
                        "the former log of " + NAME,
                        "the log of the operator",
                        "Event/",
                        "ConfigMap/",
                        "Job/" + NAME + "-verify",
                        "PostgresCluster/" + NAME);
        assertThat(texts.get("the log of " + NAME + "-0 postgres")).contains("statement: ");
        assertThat(texts.get("the log of the operator")).contains(ns.name());

        assertThat(needles.in(texts)).isEmpty();
    }

    private void create() {
        ObjectStore.prepare(ns);
        Map<String, Object> backup = new TreeMap<>(ObjectStore.backup(Backups.NEVER));
        backup.put("verify", Map.of("schedule", Backups.NEVER, "timeout", "10m"));
        ns.apply(Manifest.cluster(NAME)
                        .replicas(2)
                        .without("spec", "tls")
                        .spec("metrics", Map.of("enabled", true))
                        .spec("pgbouncer", Map.of("enabled", true, "enableReplicaPooler", true))
                        .spec("postgresqlParams", Map.of("log_statement", "all", "log_min_duration_statement", "0"))
                        .spec("backup", backup))
                .awaitPhase("Running");
        Waiting.until(
                "all poolers are ready",
                Waiting.LONG,
                () -> cluster.status().path("pgbouncerReadyReplicas").asInt(),
                ready -> ready == 4);
    }

    /** New passwords, a backup, a restore test, logins that succeed and fail, and a container that is killed. */
    private void change() {
        var backups = new Backups(cluster);
        backups.take("one");
        for (String key : List.of("password", "replication-password")) {
            String value =
                    Base64.getEncoder().encodeToString(("Changed/1 by:hand " + key).getBytes(StandardCharsets.UTF_8));
            ns.kubectl(
                            "patch",
                            "secret",
                            NAME + "-credentials",
                            "--type=merge",
                            "-p",
                            Json.tree(Map.of("data", Map.of(key, value))).toString())
                    .orThrow();
        }
        var client = ClientPod.start(ns, "client", NAME + "-ca");
        for (String pooler : List.of(NAME + "-pooler", NAME + "-pooler-repl")) {
            client.awaitAnswer(POOLER.formatted(pooler), "Changed/1 by:hand password", "SELECT 7", "7");
        }
        assertThat(client.psql(POOLER.formatted(NAME + "-pooler"), "none of them", "SELECT 7")
                        .ok())
                .isFalse();
        ns.kubectl("annotate", "pgc", NAME, GROUP + "verify-backup=one").orThrow();
        backups.await(
                "the restore test has ended",
                status -> status.path("lastVerificationTrigger").asText().equals("one"));
        Pod replica = cluster.replicas().getFirst();
        ns.lab().signal("KILL", replica, "postgres");
        Waiting.until(
                "its container runs again",
                Waiting.LONG,
                () -> restarts(replica.getMetadata().getName()),
                restarts -> restarts > 0);
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitPhase("Running");
    }

    private int restarts(String pod) {
        return Json.list(ns.get("pod", pod).at("/status/containerStatuses")).stream()
                .mapToInt(status -> status.path("restartCount").asInt())
                .sum();
    }

    /** Every value in the Secrets of the namespace, and the verifiers of the roles. */
    private void searchForPresentSecrets() {
        ns.client()
                .secrets()
                .inNamespace(ns.name())
                .list()
                .getItems()
                .forEach(secret -> secret.getData()
                        .forEach((key, value) -> needles.addSecret(
                                secret.getMetadata().getName(),
                                key,
                                new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))));
        cluster.sql(cluster.primary(), "SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL")
                .lines()
                .map(line -> line.split("\\|", 2))
                .forEach(role -> {
                    String origin = "the verifier of role " + role[0];
                    needles.add(origin, role[1]);
                    Stream.of(role[1].replaceFirst(".*\\$", "").split(":", -1))
                            .forEach(key -> needles.add(origin, key));
                });
    }

    private Map<String, String> logs() {
        Map<String, String> logs = new TreeMap<>();
        for (Pod pod : ns.client().pods().inNamespace(ns.name()).list().getItems()) {
            String name = pod.getMetadata().getName();
            for (ContainerStatus container : containers(pod)) {
                logs.put(
                        "the log of " + name + " " + container.getName(),
                        ns.kubectl("logs", name, "-c", container.getName()).orThrow());
                if (container.getRestartCount() > 0) {
                    logs.put(
                            "the former log of " + name + " " + container.getName(),
                            ns.kubectl("logs", name, "-c", container.getName(), "--previous")
                                    .all());
                }
            }
        }
        logs.put(
                "the log of the operator",
                ns.lab()
                        .kubectl(
                                "",
                                List.of(
                                        "logs",
                                        "-n",
                                        Project.OPERATOR_NAMESPACE,
                                        "-l",
                                        "app.kubernetes.io/name=" + Project.OPERATOR,
                                        "--tail=-1"))
                        .orThrow());
        return logs;
    }

    private static List<ContainerStatus> containers(Pod pod) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .toList();
    }

    /** All objects of the namespace but the Secrets, with specs, annotations and statuses. */
    private Map<String, String> objects() {
        String types = ns.kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name")
                .orThrow()
                .lines()
                .filter(type -> !type.equals("secrets"))
                .collect(Collectors.joining(","));
        Map<String, String> objects = new TreeMap<>();
        for (JsonNode object :
                Json.parse(ns.kubectl("get", types, "-o", "json").orThrow()).path("items")) {
            objects.put(
                    object.path("kind").asText() + "/"
                            + object.at("/metadata/name").asText(),
                    object.toString());
        }
        return objects;
    }

    /**
     * The UIDs of the pods of the cluster and of the operator, also when they are gone at the end. The client logs in with a password;
     * the store, other tests and other labs on this machine know the key of the store.
     */
    private final class Searched implements ResourceEventHandler<Pod> {
        private final Set<String> uids;

        private Searched(Set<String> uids) {
            this.uids = uids;
        }

        @Override
        public void onAdd(Pod pod) {
            ObjectMeta metadata = pod.getMetadata();
            boolean cluster = ns.name().equals(metadata.getNamespace())
                    && !metadata.getName().equals("client");
            if (cluster || Project.OPERATOR_NAMESPACE.equals(metadata.getNamespace())) {
                uids.add(metadata.getUid());
            }
        }

        @Override
        public void onUpdate(Pod before, Pod now) {
            // Neither its UID nor its name changes.
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            // What was seen of it is kept.
        }
    }
}
