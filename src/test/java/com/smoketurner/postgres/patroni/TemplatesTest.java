package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules every YAML template keeps. */
class TemplatesTest {
    private static final Path FOLDER = Path.of("src/main/resources/templates");
    private static final Pattern TAG = Pattern.compile("\\{[^}\\n]*}?");
    private static final Pattern SECTION = Pattern.compile("\\{[#/@!][^}]*}");
    private static final Pattern SCALAR = Pattern.compile("\\{[a-zA-Z.]+\\.(yaml|int|bool)}");

    static List<Path> templates() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyValueIsAnEscapedScalar(Path template) throws IOException {
        var text = Files.readString(template);
        var tags = TAG.matcher(text).results().map(match -> match.group()).toList();

        assertThat(tags)
                .isNotEmpty()
                .allSatisfy(tag -> assertThat(SECTION.matcher(tag).matches()
                                || SCALAR.matcher(tag).matches())
                        .as("%s in %s: write {….yaml}, {….int} or {….bool}", tag, template)
                        .isTrue());
        assertThat(text).as("an escaped scalar brings its own quotes").doesNotContain("\"{", "'{", "}\"", "}'");
    }

    @ParameterizedTest
    @MethodSource("templates")
    void theViewIsDeclaredSoThatTheBuildChecksIt(Path template) throws IOException {
        assertThat(Files.readAllLines(template).getFirst()).matches("\\{@com\\.smoketurner\\.postgres\\..* view}");
    }
}
