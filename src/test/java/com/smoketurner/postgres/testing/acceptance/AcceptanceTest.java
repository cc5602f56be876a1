package com.smoketurner.postgres.testing.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

    @Test
    void theTableIsUpToDate() throws IOException {
        Path file = Project.root().resolve("docs/dev/acceptance.md");
        String now = AcceptanceTable.render();
        if (System.getProperty("golden.update") != null) {
            Files.writeString(file, now);
        }
        assertThat(Files.readString(file))
                .as("docs/dev/acceptance.md is stale: run 'make generate' and commit it with the tests")
                .isEqualTo(now);
    }

    @Test
    void whatIsClaimedHasATest() {
        var tests = NumberedTests.scan();
        var claims = Claims.read();
        var items = new TreeSet<>(claims.items());
        items.removeAll(tests.items().keySet());
        var bad = new TreeSet<>(claims.badInput());
        bad.removeAll(tests.badInput().keySet());
        assertThat(items).as("claimed items without a test").isEmpty();
        assertThat(bad).as("claimed rows of bad input without a test").isEmpty();
    }

    @Test
    void everyNumberExists() {
        var lists = Lists.read();
        var tests = NumberedTests.scan();
        assertThat(lists.items().keySet()).containsAll(tests.items().keySet());
        assertThat(lists.badInput().keySet()).containsAll(tests.badInput().keySet());
    }
}
