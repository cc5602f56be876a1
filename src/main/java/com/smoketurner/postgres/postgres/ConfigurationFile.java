package com.smoketurner.postgres.postgres;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The syntax of {@code postgresql.conf}, as Patroni writes it and as {@code ALTER SYSTEM} writes it. */
public final class ConfigurationFile {

    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z_][\\w.$]*)\\s*=\\s*'((?:[^'\\\\]|''|\\\\.)*)'.*");

    private ConfigurationFile() {}

    /** The file with these parameters, one a line. */
    public static String of(Map<String, String> parameters) {
        return new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(entry -> "%s = '%s'\n".formatted(entry.getKey(), escape(entry.getValue())))
                        .collect(Collectors.joining());
    }

    /** The parameters in a file whose values are all quoted, by their names in lower case; the last of a name counts. */
    public static SortedMap<String, String> parse(String file) {
        var parameters = new TreeMap<String, String>();
        file.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), unescape(matcher.group(2)));
            }
        });
        return Collections.unmodifiableSortedMap(parameters);
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("'", "\\'");
    }

    private static String unescape(String quoted) {
        var text = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            if (quoted.charAt(i) == '\'' || quoted.charAt(i) == '\\') {
                i++; // both precede the character that is meant
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }
}
