package com.smoketurner.postgres.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dry run of {@code make release}, on what is committed. */
class ReleaseTest {
    private static final String VERSION = "98.76.54";

    private static Command.Result release(String version) {
        return Command.of("scripts/release", version)
                .in(Project.root())
                .with("DRY_RUN", "1")
                .run();
    }

    @Test
    void setsTheVersionWhereverItStands() throws Exception {
        String before = Files.readString(Project.root().resolve("pom.xml"));

        String shown = release(VERSION).orThrow();

        assertThat(shown)
                .contains("+  <version>" + VERSION + "</version>")
                .contains("+# The PostgreSQL operator " + VERSION + ": ")
                .contains("+          image: ghcr.io/smoketurner/postgres-operator:" + VERSION)
                .containsPattern("\\+## " + VERSION + " \\(\\d{4}-\\d\\d-\\d\\d\\)")
                .contains("dry run: nothing was changed");
        assertThat(Project.root().resolve("pom.xml")).hasContent(before);
        assertThat(git("tag", "--list", "v" + VERSION)).isEmpty();
    }

    @Test
    void refusesWhatIsNoVersion() {
        assertThat(release("v1").err())
                .contains("usage: make release VERSION=1.2.3")
                .contains("'v1'");
        assertThat(release("").ok()).isFalse();
    }

    private static String git(String... args) {
        var argv = new ArrayList<>(List.of("git"));
        argv.addAll(List.of(args));
        return Command.of(argv).in(Project.root()).output();
    }
}
