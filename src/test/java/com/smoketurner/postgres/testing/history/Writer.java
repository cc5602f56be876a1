package com.smoketurner.postgres.testing.history;

import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.Images;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client in a pod that appends numbers at 20 Hz, or several clients, whatever happens to the servers. */
public final class Writer implements AutoCloseable {
    private static final long UID = 101;

    private final Cluster cluster;
    private final String pod;
    private final String table;

    private Writer(Cluster cluster, String pod, String table) {
        this.cluster = cluster;
        this.pod = pod;
        this.table = table;
    }

    /** What a pod runs, and the Service and options by which it connects. */
    private record Program(String script, String service, String options) {}

    /**
     * Starts one that writes through {@code <c>-primary}, on this node when one is named, and waits for its first acknowledged
     * write.
     */
    public static Writer start(Cluster cluster, String primary, @Nullable String node) {
        return start(cluster, primary, node, new Program("writer.py", "-primary", "port=5432"));
    }

    /** The same of 16 clients that keep their connections, to the pooler or to the primary itself. */
    public static Writer several(Cluster cluster, String primary, boolean pooler) {
        // A login waits while the pooler is paused; a server that is gone does not answer.
        return start(
                cluster,
                primary,
                null,
                pooler
                        ? new Program("writers.py", "-pooler", "port=6432 sslmode=require connect_timeout=60")
                        : new Program(
                                "writers.py",
                                "-primary",
                                "port=5432 sslmode=require connect_timeout=2 tcp_user_timeout=15000"));
    }

    private static Writer start(Cluster cluster, String primary, @Nullable String node, Program program) {
        String id = UUID.randomUUID().toString().substring(0, 5);
        var writer = new Writer(cluster, "writer-" + id, "history_" + id);
        cluster.sql(
                primary,
                "CREATE TABLE " + writer.table + " (n bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());"
                        + "CREATE INDEX ON " + writer.table + " (n)");
        writer.create(node, program);
        Waiting.until(
                "the writer writes",
                Waiting.SHORT,
                writer::peek,
                h -> !h.acknowledged().isEmpty());
        return writer;
    }

    private void create(@Nullable String node, Program program) {
        Namespace ns = cluster.namespace();
        ns.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(ns.name())
                        .withName(pod)
                        .endMetadata()
                        .withData(Map.of("writer.py", Resources.text("/e2e/" + program.script())))
                        .build())
                .create();
        // By address, because the cluster's DNS may sit on the node that is frozen.
        String address = ns.client()
                .services()
                .inNamespace(ns.name())
                .withName(cluster.name() + program.service())
                .require()
                .getSpec()
                .getClusterIP();
        String dsn = "host=%s %s user=postgres dbname=postgres application_name=%s"
                .formatted(address, program.options(), pod);
        ns.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(ns.name())
                        .withName(pod)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(2L)
                        .withNewSecurityContext()
                        .withRunAsUser(UID)
                        .withRunAsNonRoot(true)
                        .withNewSeccompProfile()
                        .withType("RuntimeDefault")
                        .endSeccompProfile()
                        .endSecurityContext()
                        .addNewContainer()
                        .withName("writer")
                        .withImage(Images.postgres())
                        .withCommand("python3", "/scripts/writer.py")
                        .addNewEnv()
                        .withName("WRITER_DSN")
                        .withValue(dsn)
                        .endEnv()
                        .addNewEnv()
                        .withName("WRITER_TABLE")
                        .withValue(table)
                        .endEnv()
                        .addNewEnv()
                        .withName("PGPASSWORD")
                        .withNewValueFrom()
                        .withNewSecretKeyRef("password", cluster.name() + "-credentials", false)
                        .endValueFrom()
                        .endEnv()
                        .addNewVolumeMount()
                        .withName("scripts")
                        .withMountPath("/scripts")
                        .endVolumeMount()
                        .withNewSecurityContext()
                        .withAllowPrivilegeEscalation(false)
                        .withNewCapabilities()
                        .withDrop("ALL")
                        .endCapabilities()
                        .endSecurityContext()
                        .endContainer()
                        .addNewVolume()
                        .withName("scripts")
                        .withNewConfigMap()
                        .withName(pod)
                        .endConfigMap()
                        .endVolume()
                        .endSpec()
                        .build())
                .create();
    }

    /** What has happened so far. */
    public History peek() {
        return History.parse(cluster.namespace().kubectl("logs", pod).out());
    }

    /** Waits until a write that was sent after this moment is acknowledged. */
    public void awaitWriteAfter(Instant moment) {
        Waiting.until(
                "a write is acknowledged again",
                Waiting.LONG,
                this::peek,
                h -> h.acknowledged().stream().anyMatch(a -> a.sent().isAfter(moment)));
    }

    /** Ends the writer and returns everything it saw. */
    public History stop() {
        return Waiting.until(
                "the writer has ended",
                Waiting.SHORT,
                () -> {
                    // It may end before the command that ends it, so its last line counts and not what that says.
                    cluster.namespace().kubectl("exec", pod, "--", "sh", "-c", "kill 1");
                    return peek();
                },
                History::complete);
    }

    /** The numbers in the table, as this pod has them. */
    public List<Long> stored(String server) {
        return stored(cluster, server);
    }

    /** The numbers in the table, as the primary of a copy of the cluster has them. */
    public List<Long> storedIn(Cluster copy) {
        return stored(copy, copy.primary());
    }

    private List<Long> stored(Cluster of, String server) {
        String out = of.sql(server, "SELECT n FROM " + table + " ORDER BY n");
        return Arrays.stream(out.split("\\s+", -1))
                .filter(text -> !text.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    @Override
    public void close() {
        var ns = cluster.namespace();
        ns.client()
                .pods()
                .inNamespace(ns.name())
                .withName(pod)
                .withGracePeriod(0)
                .delete();
        ns.client().configMaps().inNamespace(ns.name()).withName(pod).delete();
    }
}
