package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.standin.StandInMembers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The operator as its Deployment would have it: one core, the options of its image, and the heap that the JVM makes of the
 * memory limit.
 */
final class Confined {
    private static final List<String> ONE_CORE = List.of("taskset", "-c", "0");
    private static final String JVM = " -XX:MaxRAM=" + System.getProperty("scale.memory", "512") + "m -Xlog:gc:file="
            + Project.logs().resolve("scale-gc.log") + aotCache();

    private final KubernetesClient admin;
    private final StandInMembers standIn;
    private @Nullable OperatorProcess process;
    private @Nullable String server;
    private boolean wanted;
    private int deaths;
    private double cpuOfTheDead;
    private double cpuSeen;

    /** What the JVM learnt of a start, as in the image; an unusable one would show as a start that fails. */
    private static String aotCache() {
        String file = System.getProperty("scale.aot", "");
        return file.isEmpty() ? "" : " -XX:AOTMode=on -XX:AOTCache=" + file;
    }

    Confined(KubernetesClient admin, StandInMembers standIn) {
        this.admin = admin;
        this.standIn = standIn;
        Thread.ofPlatform().daemon().start(this::keepAlive);
    }

    /** Starts it and waits until it is ready; the API server's address may be that of a proxy. */
    synchronized void start(@Nullable String address) {
        server = address;
        cpuOfTheDead = 0;
        launch();
        wanted = true;
    }

    /** As the kubelet does: a process that ended by itself is started again. */
    private void keepAlive() {
        while (true) {
            ScaleBench.pause(Duration.ofMillis(500));
            synchronized (this) {
                if (wanted && operator().alive()) {
                    cpuSeen = cpuNow();
                } else if (wanted) {
                    deaths++;
                    cpuOfTheDead += cpuSeen;
                    System.out.println("scale: the operator ended by itself");
                    launch();
                }
            }
        }
    }

    /** What was seen last where it has just ended. */
    private double cpuNow() {
        try {
            return operator().cpuSeconds();
        } catch (UncheckedIOException e) {
            return cpuSeen;
        }
    }

    /** How often it ended by itself. */
    synchronized int deaths() {
        return deaths;
    }

    private void launch() {
        Map<String, String> env = new HashMap<>(standIn.options(Map.of()).env());
        env.merge("JAVA_TOOL_OPTIONS", JVM, String::concat);
        env.put("MALLOC_ARENA_MAX", "2"); // as in the image
        process = OperatorProcess.start(admin, new OperatorProcess.Options(env, ONE_CORE, server));
    }

    /** Ends it as the kubelet would, and waits. */
    synchronized void stop() {
        wanted = false;
        operator().terminate();
        operator().exitCode(Duration.ofMinutes(1));
    }

    synchronized void kill() {
        wanted = false;
        if (process != null) {
            process.kill();
        }
    }

    long pid() {
        return operator().pid();
    }

    /** Whether the kubelet would leave it alone. */
    boolean live() {
        return operator().get("/healthz").statusCode() == 200;
    }

    /** Since {@link #start}. */
    synchronized double cpuSeconds() {
        return cpuOfTheDead + cpuNow();
    }

    double rssMiB() {
        return operator().rssMiB();
    }

    double peakRssMiB() {
        return operator().peakRssMiB();
    }

    /** The sum of a counter of its metrics over all labels. */
    double counter(String name) {
        return operator()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Waits until it has looked at this many clusters since its start. */
    void awaitReconciled(int clusters) {
        Waiting.until(
                "all clusters are looked at",
                Duration.ofMinutes(10),
                () -> counter("postgres_operator_reconciliations_total"),
                count -> count >= clusters);
    }

    private OperatorProcess operator() {
        return Objects.requireNonNull(process, "it was not started");
    }
}
