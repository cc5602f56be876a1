package com.smoketurner.postgres.e2e;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.edits.Edit;
import com.smoketurner.postgres.testing.edits.Edits;
import com.smoketurner.postgres.testing.edits.Trial;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Images;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each edit of the list on one live cluster, under a writer: it costs what it may, and what {@code kubectl pgc-plan} said
 * before. {@code bench/edits} performs all of them and prints the table; otherwise it is a part of them.
 */
@ExtendWith(EndToEnd.class)
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EditsE2E {
    private static final String NAME = "edited";

    private final Cluster cluster;
    private final Trial trial;
    private final List<String> rows = new ArrayList<>();

    EditsE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
        trial = new Trial(cluster, Edits.start(NAME));
    }

    @BeforeAll
    void create() {
        if (Thorough.on()) {
            cluster.namespace().lab().load(Images.previousArchive());
        }
        cluster.namespace().apply(Edits.start(NAME)).awaitPhase("Running");
    }

    static List<Edit> edits() {
        return Edits.all().stream()
                .filter(edit -> Thorough.on() || edit.often())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("edits")
    void costsWhatItMayAndWhatThePlanSays(Edit listed) {
        Edit edit = listed.on(cluster.namespace().client());
        if (edit.cost().refused()) {
            trial.refused(edit);
            row("| %s | refused | | | | |".formatted(edit.name()));
        } else {
            Trial.Result result = trial.perform(edit);
            row(result.row(edit));
            result.judge(edit);
        }
    }

    private void row(String text) {
        rows.add(text);
        System.out.println("BENCH " + text);
    }

    @AfterAll
    void write() throws IOException {
        Files.write(
                Project.root().resolve("target/edits.md"),
                rows,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }
}
