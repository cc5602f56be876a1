package com.smoketurner.postgres.testing.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command lines and environments of the processes in containers of the project's lab, whose processes are those of
 * this machine. It looks many times a second: most programs end soon.
 */
public final class ProcessWatch implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 50;
    private static final Pattern POD = Pattern.compile("/kubepods/(?:[^/\\s]+/)?pod([0-9a-f-]+)");

    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    /** By the UID of the pod, then by what they are of. */
    private final Map<String, Map<String, String>> texts = new ConcurrentSkipListMap<>();

    private final ScheduledFuture<?> looking;

    private ProcessWatch() {
        looking = worker.scheduleWithFixedDelay(() -> look(false), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    public static ProcessWatch start() {
        return new ProcessWatch();
    }

    /**
     * Command lines and environments, by what they are of.
     *
     * @param pods UIDs of those that count: also other labs run their pods on this machine
     */
    public Map<String, String> texts(Set<String> pods) {
        if (looking.isDone()) {
            throw new IllegalStateException("nobody looked: " + looking.exceptionNow());
        }
        look(true);
        var all = new TreeMap<String, String>();
        texts.forEach((pod, found) -> {
            if (pods.contains(pod)) {
                all.putAll(found);
            }
        });
        return all;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    /** Those that are new; with {@code all}, also the others: a process may change how it is called. */
    private void look(boolean all) {
        ProcessHandle.allProcesses().forEach(process -> {
            String id = process.pid() + " "
                    + process.info().startInstant().map(Object::toString).orElse("");
            if (seen.add(id) || all) {
                read(process.pid());
            }
        });
    }

    private void read(long pid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        try {
            Matcher pod = POD.matcher(text(folder.resolve("cgroup")));
            if (!pod.find()) {
                return;
            }
            String line = text(folder.resolve("cmdline")).replace('\0', ' ').strip();
            // Without the arguments: one of them may be what is looked for.
            String program = line.replaceFirst(" .*", "") + " (process " + pid + ")";
            Map<String, String> found = texts.computeIfAbsent(pod.group(1), uid -> new ConcurrentSkipListMap<>());
            found.merge("the command line of " + program, line, (one, other) -> one + "\n" + other);
            found.merge("the environment of " + program, text(folder.resolve("environ")), (one, other) -> other);
        } catch (IOException e) {
            // It has just ended.
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
