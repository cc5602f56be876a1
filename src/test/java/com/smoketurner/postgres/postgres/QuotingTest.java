package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class QuotingTest {
    @Test
    void quotesIdentifiers() {
        assertThat(Identifiers.quote("app")).isEqualTo("\"app\"");
        assertThat(Identifiers.quote("a\"; DROP TABLE x; --")).isEqualTo("\"a\"\"; DROP TABLE x; --\"");
    }

    @Test
    void refusesIdentifiersPostgresCanNotHold() {
        assertThatIllegalArgumentException().isThrownBy(() -> Identifiers.quote(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Identifiers.quote("a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Identifiers.quote("é".repeat(32)));
        assertThat(Identifiers.quote("é".repeat(31))).hasSize(33);
    }

    @Test
    void quotesLiterals() {
        assertThat(Literals.quote("it's")).isEqualTo("'it''s'");
        assertThat(Literals.quote("a\\' OR 1=1 --")).isEqualTo(" E'a\\\\'' OR 1=1 --'");
        assertThatIllegalArgumentException().isThrownBy(() -> Literals.quote("a\0b"));
    }

    @Property
    void identifiersReadBackUnchanged(
            @ForAll @StringLength(min = 1, max = 20) @CharRange(from = ' ', to = '~') String name) {
        var quoted = Identifiers.quote(name);
        assertThat(quoted).startsWith("\"").endsWith("\"");
        assertThat(unquote(quoted, '"')).isEqualTo(name);
    }

    @Property
    void literalsReadBackUnchanged(
            @ForAll @StringLength(max = 40) @CharRange(from = '\1', to = '\uD7FF') String value) {
        var quoted = Literals.quote(value);
        var escapes = quoted.startsWith(" E");
        var body = unquote(escapes ? quoted.substring(2) : quoted, '\'');
        assertThat(escapes ? body.replace("\\\\", "\\") : body).isEqualTo(value);
        assertThat(escapes).isEqualTo(value.contains("\\"));
    }

    /** Reads a quoted token as PostgreSQL's scanner does and insists that it ends where the string ends. */
    private static String unquote(String quoted, char quote) {
        var text = new StringBuilder();
        assertThat(quoted.charAt(0)).isEqualTo(quote);
        var i = 1;
        for (; i < quoted.length(); i++) {
            if (quoted.charAt(i) == quote) {
                if (i + 1 < quoted.length() && quoted.charAt(i + 1) == quote) {
                    i++;
                } else {
                    break;
                }
            }
            text.append(quoted.charAt(i));
        }
        assertThat(i).as("end of the token").isEqualTo(quoted.length() - 1);
        return text.toString();
    }
}
