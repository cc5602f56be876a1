package com.smoketurner.postgres.cluster.desired;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of a script.
 *
 * @param output what it wrote to standard output and standard error
 */
record ScriptRun(int exit, String output) {

    /** Runs a command with this environment and no other, and waits for its end. */
    static ScriptRun of(Path directory, Map<String, String> env, String... command)
            throws IOException, InterruptedException {
        // A shell cannot trap a signal that was ignored when it was started, as in the background of a script.
        var line = new ArrayList<>(List.of("env", "-i", "--default-signal"));
        env.forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(List.of(command));
        var process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new ScriptRun(process.waitFor(), text);
        }
    }
}
