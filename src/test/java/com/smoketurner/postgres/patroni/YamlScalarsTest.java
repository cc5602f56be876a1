package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** SnakeYAML reads YAML 1.1, as PyYAML does. */
class YamlScalarsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "on",
                "no",
                "null",
                "~",
                "1_000",
                "12:30",
                "0x1F",
                "1e3",
                ".inf",
                "2026-01-01",
                "a: b",
                "# c",
                "- x",
                "{view.scope}",
                "it's",
                "\"",
                "\\",
                "\\u0041",
                "a\nb",
                "a \n b",
                "\t",
                "\r\n",
                "\u0085",
                "\u007f",
                "a \u2028 b",
                "\ufeff",
                "\uffff",
                "%m [%p]",
                "é日本😀",
                "!!python/object:os.system",
                "*a",
                "&a"
            })
    void stringsStayStrings(String value) {
        assertThat(read(value)).isEqualTo(value);
    }

    @Property
    void anyStringReadsBackUnchanged(@ForAll("texts") String value) {
        assertThat(read(value)).isEqualTo(value);
        Map<String, String> asKey = new Yaml().load(YamlScalars.string(value).getValue() + ": x");
        assertThat(asKey).containsOnlyKeys(value);
    }

    /** Whole characters of all planes, with those that mean something to YAML more often than chance has it. */
    @Provide
    Arbitrary<String> texts() {
        var special =
                Arbitraries.of("\"", "\\", "\n", "\r", "\t", " ", ":", "#", "'", "{", "\u0085", "\u2028", "\ufeff");
        var any = Arbitraries.integers()
                .between(1, 0x10FFFF)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .map(Character::toString);
        var ascii = Arbitraries.integers().between(1, 0x7F).map(Character::toString);
        return Arbitraries.oneOf(special, any, ascii).list().ofMaxSize(30).map(parts -> String.join("", parts));
    }

    @Test
    void halfACharacterBecomesTheReplacementCharacter() {
        assertThat(read("a\ud83db")).isEqualTo("a\ufffdb");
        assertThat(read("\ude00")).isEqualTo("\ufffd");
    }

    @Test
    void numbersAndFlags() {
        assertThat(YamlScalars.integer(20).getValue()).isEqualTo("20");
        assertThat(YamlScalars.bool(true).getValue()).isEqualTo("true");
    }

    private static Object read(String value) {
        return new Yaml().load(YamlScalars.string(value).getValue());
    }
}
