package com.smoketurner.postgres.cluster.desired;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of a script.
 *
 * @param output what it wrote to standard output and standard error
 */
record ScriptRun(int exit, String output) {

    /** What {@code run} finds in an image with the programs of PostgreSQL 16, as environment. */
    static Map<String, String> image(Path directory) throws IOException {
        var binaries = directory.resolve("binaries");
        var server = Files.createDirectories(binaries.resolve("16/bin")).resolve("postgres");
        if (Files.notExists(server)) {
            Files.createFile(
                    server, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        var config =
                Files.writeString(directory.resolve("10-patroni.yml"), "  bin_dir: \"/usr/lib/postgresql/16/bin\"\n");
        return Map.of(
                "BINARIES",
                binaries.toString(),
                "PATRONI_CONFIG",
                config.toString(),
                "PROGRAMS",
                directory.resolve("programs").toString());
    }

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
