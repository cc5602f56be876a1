package com.smoketurner.postgres.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;

/** Durations as specs write them: Go's form plus days and weeks, for example {@code 90s}, {@code 2h30m}, {@code 30d}. */
public final class Durations {
    private static final java.util.regex.Pattern WHOLE = java.util.regex.Pattern.compile(Rules.DURATION_PATTERN);
    private static final java.util.regex.Pattern PART =
            java.util.regex.Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d|w)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L, "w", 604_800_000L);

    private Durations() {}

    public static boolean valid(String text) {
        return WHOLE.matcher(text).matches();
    }

    /** The duration; milliseconds are the finest unit kept. */
    public static Duration parse(String text) {
        if (!valid(text)) {
            throw new IllegalArgumentException("not a duration: \"" + text + "\" (write it like 90s, 2h30m or 30d)");
        }
        BigDecimal millis = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long unit = MILLIS.getOrDefault(part.group(2), 0L);
            millis = millis.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        return Duration.ofMillis(millis.longValue());
    }
}
