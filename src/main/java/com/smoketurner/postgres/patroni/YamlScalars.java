package com.smoketurner.postgres.patroni;

import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateExtension;

/**
 * The only ways a value gets into a YAML template. Patroni reads YAML 1.1, where a bare {@code on}, {@code 1_000} or
 * {@code 12:30} is no string, so strings are always quoted.
 */
@TemplateExtension
final class YamlScalars {
    private static final char REPLACEMENT = '\uFFFD';

    private YamlScalars() {}

    /** The value as a double-quoted scalar that any YAML 1.1 reader turns back into the same string. */
    @TemplateExtension(matchName = "yaml")
    static RawString string(String value) {
        var scalar = new StringBuilder(value.length() + 2).append('"');
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == '"' || c == '\\') {
                scalar.append('\\').append(c);
            } else if (needsEscape(c)) {
                scalar.append("\\u%04X".formatted((int) c));
            } else if (isLoneSurrogate(value, i)) {
                scalar.append(REPLACEMENT);
            } else {
                scalar.append(c);
            }
        }
        return new RawString(scalar.append('"').toString());
    }

    @TemplateExtension(matchName = "int")
    static RawString integer(Number value) {
        return new RawString(Long.toString(value.longValue()));
    }

    @TemplateExtension(matchName = "bool")
    static RawString bool(Boolean value) {
        return new RawString(value.toString());
    }

    /** What PyYAML refuses in its input, and what it takes for a line break. */
    private static boolean needsEscape(char c) {
        return c < 0x20
                || (c >= 0x7F && c <= 0x9F)
                || c == 0x2028
                || c == 0x2029
                || c == 0xFEFF
                || c == 0xFFFE
                || c == 0xFFFF;
    }

    /** Half a character has no UTF-8 form; the pairs stay as they are, since YAML 1.1 has no escape for a pair. */
    private static boolean isLoneSurrogate(String value, int i) {
        var c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }
}
