package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryListTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pg_stat_statements|\"pg_stat_statements\"",
                " a , b|\"a\", \"b\"",
                "\"$libdir/a b\" ,c|\"$libdir/a b\", \"c\"",
                "\"a\"\"b\"|\"a\"\"b\"",
            })
    void namesAreSeparatedByCommas(String text, String list) {
        assertThat(LibraryList.parse(text).map(LibraryList::text)).contains(list);
    }

    @Test
    void anEmptyListIsOne() {
        assertThat(LibraryList.parse("  ").map(LibraryList::text)).contains("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", "a,", ",a", "\"a", "\"a\" b", "\"\""})
    void whatNoServerReadsIsNone(String text) {
        assertThat(LibraryList.parse(text)).isEqualTo(Optional.empty());
    }

    @Test
    void bareNamesOfLocalLibrariesAreThoseOfPlugins() {
        assertThat(LibraryList.parse("a, $libdir/plugins/b")
                        .orElseThrow()
                        .local()
                        .text())
                .isEqualTo("\"$libdir/plugins/a\", \"$libdir/plugins/b\"");
    }
}
