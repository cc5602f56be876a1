package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Patience;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The packaged operator as a process of this machine, with the token of its shipped ServiceAccount and nothing else.
 * It ends with this Java process at the latest.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(10);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** How to start it: environment, a command in front of java, the API server's address when it is a proxy. */
    public record Options(
            Map<String, String> env,
            List<String> prefix,
            @Nullable String server) {
        public static Options plain() {
            return new Options(Map.of(), List.of(), null);
        }

        public static Options of(Map<String, String> env) {
            return new Options(env, List.of(), null);
        }
    }

    private final Process process;
    private final Path log;
    private final int port;

    private OperatorProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it without waiting for anything. */
    public static OperatorProcess launch(KubernetesClient admin, Options options) {
        int number = COUNT.incrementAndGet();
        Path dir = Project.directory(Project.logs().resolve("operator"));
        // Other parts of the layer have the same folder and other API servers.
        String which = ProcessHandle.current().pid() + "-" + number;
        Path kubeconfig = ServiceAccountConfig.forOperator(admin, dir.resolve("kubeconfig-" + which), options.server());
        Path log = dir.resolve("operator-" + which + ".log");
        int port = freePort();
        var argv = new ArrayList<>(options.prefix());
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(List.of(Images.setting("OPERATOR_JVM_OPTIONS").split(" ")));
        if (options.prefix().isEmpty()) {
            argv.addAll(classArchive());
        }
        argv.add("-jar");
        argv.add(Project.file("target/quarkus-app/quarkus-run.jar", "'make package' builds it")
                .toString());
        var builder = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        var env = builder.environment();
        env.keySet().removeIf(key -> key.startsWith("POSTGRES_OPERATOR_") || key.startsWith("KUBERNETES_"));
        env.put("KUBECONFIG", kubeconfig.toString());
        env.put("POD_NAME", "operator-" + number);
        env.put("POD_NAMESPACE", Project.OPERATOR_NAMESPACE);
        env.put("POSTGRES_OPERATOR_HTTP_PORT", Integer.toString(port));
        env.putAll(options.env());
        try {
            var operator = new OperatorProcess(builder.start(), log, port);
            Runtime.getRuntime().addShutdownHook(new Thread(operator::kill));
            return operator;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Classes that were loaded and verified before, as the AOT cache in the image has them. The first orderly end writes them;
     * a later start takes a third less processor time. What a benchmark confines has an AOT cache instead.
     */
    private static List<String> classArchive() {
        Path file = Project.root().resolve("target/operator.jsa");
        return List.of("-Xlog:disable", "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file);
    }

    /** Starts it and waits until it says that it is ready. */
    public static OperatorProcess start(KubernetesClient admin, Options options) {
        return launch(admin, options).awaitReady();
    }

    public OperatorProcess awaitReady() {
        Instant began = Instant.now();
        try {
            Waiting.until(
                    "the operator is ready",
                    Waiting.SHORT,
                    () -> process.isAlive() ? get("/readyz").statusCode() : -1,
                    code -> code == 200 || code == -1);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + tail(), e);
        }
        if (!process.isAlive()) {
            throw new AssertionError("the operator ended with " + process.exitValue() + "\n" + tail());
        }
        Patience.learn("a start of the operator", Duration.between(began, Instant.now()), START);
        return this;
    }

    /** GET on its own port; code 0 where nobody answers. */
    public Answer get(String path) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An HTTP answer. */
    public record Answer(int statusCode, String body) {}

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: no chance to clean up. */
    public void kill() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(30));
    }

    /** SIGTERM; returns at once. */
    public void terminate() {
        process.destroy();
    }

    public int exitCode(Duration limit) {
        try {
            Duration patience = Patience.of(limit);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the operator still runs after " + patience + "\n" + tail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        var lines = log().lines().toList();
        return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** Processor time used so far, of the operator and of nothing else. */
    public double cpuSeconds() {
        String stat = proc("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime: fields 14 and 15 of proc(5), in ticks of a hundredth of a second on Linux.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    /** The objects that are in use, by class, as the JVM counts them. */
    public Map<String, Long> instances() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Map<String, Long> instances = new HashMap<>();
        Command.of(jcmd.toString(), Long.toString(pid()), "GC.class_histogram")
                .output()
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 3 && words[0].matches("[0-9]+:"))
                .forEach(words -> instances.put(words[3], Long.parseLong(words[1])));
        return instances;
    }

    /** Resident memory. */
    public double rssMiB() {
        return status("VmRSS");
    }

    /** The most resident memory it ever had. */
    public double peakRssMiB() {
        return status("VmHWM");
    }

    /** An amount of memory as proc(5) names it, in MiB. */
    private double status(String key) {
        return Arrays.stream(proc("status").split("\n", -1))
                .filter(line -> line.startsWith(key + ":"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private String proc(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
