package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main process of a pooler's pod, with a stand-in for PgBouncer that notes its signals. */
class PoolerScriptTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path temp;

    private void program(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itReloadsWhatHasChangedAndEndsInOrder() throws Exception {
        Path config = Files.createDirectory(temp.resolve("config"));
        Files.writeString(config.resolve("pgbouncer.ini"), "one");
        program("pgbouncer", """
                #!/bin/sh
                trap 'echo reload >>signals' HUP
                trap 'echo resume >>signals' USR2
                trap 'echo term >>signals; exit 0' TERM
                : >up
                while :; do /bin/sleep 0.02; done
                """);
        // What happens while the script waits; after that it waits for nothing any more.
        program("sleep", """
                #!/bin/sh
                echo x >>looks
                case $(wc -l <looks) in
                    1) until [ -e up ]; do /bin/sleep 0.02; done; echo two >config/pgbouncer.ini ;;
                    2) until grep -qs reload signals; do /bin/sleep 0.02; done; kill -TERM $PPID ;;
                esac
                """);
        ScriptRun run = ScriptRun.of(
                temp,
                Map.of(
                        "PATH",
                        temp + ":/usr/bin:/bin",
                        "CONFIG",
                        config.toString(),
                        "RUN",
                        temp.toString(),
                        "DRAIN_SECONDS",
                        "2"),
                "sh",
                Project.file("src/main/resources/scripts/run-pooler", "it is shipped")
                        .toString());
        assertThat(run.exit()).isZero();
        assertThat(temp.resolve("signals")).content().isEqualTo("reload\nresume\nterm\n");
    }
}
