package com.smoketurner.postgres.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One program run to its end: what to run, and what came out of it. */
public record Command(
        List<String> argv,
        Map<String, String> env,
        @Nullable Path directory,
        String stdin,
        Duration limit) {

    /** How it ended and everything it printed. */
    public record Result(List<String> argv, int exit, String out, String err) {

        public boolean ok() {
            return exit == 0;
        }

        /** The standard output, or an error that shows both outputs. */
        public String orThrow() {
            if (!ok()) {
                throw new IllegalStateException(this + "\n" + out + err);
            }
            return out;
        }

        /** Both outputs, for messages that may be on either. */
        public String all() {
            return out + err;
        }

        @Override
        public String toString() {
            return "'" + String.join(" ", argv) + "' ended with " + exit;
        }
    }

    public static Command of(List<String> argv) {
        return new Command(List.copyOf(argv), Map.of(), null, "", Duration.ofMinutes(2));
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public Command with(String variable, String value) {
        var more = new HashMap<>(env);
        more.put(variable, value);
        return new Command(argv, Map.copyOf(more), directory, stdin, limit);
    }

    public Command in(Path where) {
        return new Command(argv, env, where, stdin, limit);
    }

    public Command reading(String text) {
        return new Command(argv, env, directory, text, limit);
    }

    public Command within(Duration time) {
        return new Command(argv, env, directory, stdin, time);
    }

    /** Runs it and waits; a program that outlives its limit is killed with everything it started. */
    public Result run() {
        var builder = new ProcessBuilder(argv);
        builder.environment().putAll(env);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            var process = builder.start();
            var out = collect(process.getInputStream());
            var err = collect(process.getErrorStream());
            try (var in = process.getOutputStream()) {
                in.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ignored) {
                // The program did not want its input; its exit code tells whether that matters.
            }
            Duration patience = Patience.of(limit);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("'" + String.join(" ", argv) + "' did not end within " + patience);
            }
            return new Result(argv, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + argv.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while '" + String.join(" ", argv) + "' ran", e);
        }
    }

    /** Runs it and returns its standard output; throws when it fails. */
    public String output() {
        return run().orThrow();
    }

    private static CompletableFuture<String> collect(InputStream stream) {
        var result = new CompletableFuture<String>();
        Thread.startVirtualThread(() -> {
            try (stream) {
                result.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
