package com.smoketurner.postgres.cluster.run;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameter {@code archive_timeout}: after this time PostgreSQL archives a WAL file that is not full. */
public final class ArchiveTimeout {

    /** The operator's default, in seconds. */
    private static final int USUAL = 300;

    private static final Pattern VALUE = Pattern.compile("(\\d{1,9})\\s*(s|min|h|d)?");

    private ArchiveTimeout() {}

    /** In seconds; the default where the user sets none or in a form that only PostgreSQL reads. */
    public static int seconds(Map<String, String> parameters) {
        Matcher value =
                VALUE.matcher(parameters.getOrDefault("archive_timeout", "").strip());
        if (!value.matches()) {
            return USUAL;
        }
        int unit = switch (value.group(2) == null ? "s" : value.group(2)) {
            case "min" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
        long seconds = Long.parseLong(value.group(1)) * unit;
        return seconds == 0 ? USUAL : (int) Math.min(seconds, Integer.MAX_VALUE);
    }
}
