package com.smoketurner.postgres.testing.edits;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.edits.Edit.Whom;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of edits in {@code docs/operations.md} is that of the list which the end-to-end test performs. */
class EditsTableTest {

    @Test
    void theTableSaysWhatTheListAllows() throws IOException {
        List<List<String>> rows = Files.readAllLines(Project.root().resolve("docs/operations.md")).stream()
                .dropWhile(line -> !line.startsWith("<!-- edits: begin"))
                .takeWhile(line -> !line.startsWith("<!-- edits: end"))
                .filter(line -> line.startsWith("| "))
                .skip(2)
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
        assertThat(rows.stream().map(cells -> cells.get(1)))
                .as("`bench/edits --write` rewrites it")
                .containsExactlyElementsOf(Edits.all().stream().map(Edit::name).toList());
        for (int i = 0; i < rows.size(); i++) {
            Edit edit = Edits.all().get(i);
            List<String> cells = rows.get(i);
            if (edit.cost().refused()) {
                assertThat(cells.get(2)).as(edit.name()).isEqualTo("refused");
                continue;
            }
            assertThat(cells.get(2)).as(edit.name()).matches(count(edit.cost().servers()));
            assertThat(cells.get(3)).as(edit.name()).matches(count(edit.cost().containers()));
            assertThat(cells.get(4)).as(edit.name()).matches(count(edit.cost().pods()));
            assertThat(cells.get(5)).as(edit.name()).isEqualTo("" + edit.cost().switchovers());
        }
    }

    private static String count(Whom whom) {
        return switch (whom) {
            case NOBODY -> "0";
            case FORMER_PRIMARY -> "1 of \\d";
            case ALL -> "(\\d) of \\1";
        };
    }
}
