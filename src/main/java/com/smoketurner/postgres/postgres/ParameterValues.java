package com.smoketurner.postgres.postgres;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of parameters as PostgreSQL reads them. */
public final class ParameterValues {

    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(B|kB|MB|GB|TB|us|ms|s|min|h|d)");

    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("B", 1L),
            Map.entry("kB", 1L << 10),
            Map.entry("MB", 1L << 20),
            Map.entry("GB", 1L << 30),
            Map.entry("TB", 1L << 40),
            Map.entry("us", 1L),
            Map.entry("ms", 1_000L),
            Map.entry("s", 1_000_000L),
            Map.entry("min", 60_000_000L),
            Map.entry("h", 3_600_000_000L),
            Map.entry("d", 86_400_000_000L));

    private static final Map<String, String> WORDS = Map.of(
            "on", "on", "true", "on", "yes", "on", "1", "on", "off", "off", "false", "off", "no", "off", "0", "off");

    private ParameterValues() {}

    /** Whether two values mean the same. Those that only the server can compare, as a number with a unit and one without, count as different. */
    public static boolean same(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    /**
     * The bytes that an amount of memory means; nothing for what is no amount.
     *
     * @param unit bytes of an amount that names none
     */
    public static Optional<BigDecimal> bytes(String value, long unit) {
        String text = value.strip();
        if (text.matches("\\d{1,18}")) {
            return Optional.of(new BigDecimal(text).multiply(BigDecimal.valueOf(unit)));
        }
        Matcher matcher = AMOUNT.matcher(text);
        return matcher.matches() && matcher.group(2).endsWith("B")
                ? Optional.of(new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(UNITS.getOrDefault(matcher.group(2), 1L))))
                : Optional.empty();
    }

    private static String canonical(String value) {
        String text = value.strip();
        return amount(text)
                .or(() -> Optional.ofNullable(WORDS.get(text.toLowerCase(Locale.ROOT))))
                .orElse(text);
    }

    private static Optional<String> amount(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2);
        String kind = unit.endsWith("B") ? "bytes" : "time";
        return Optional.of(new BigDecimal(matcher.group(1))
                        .multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)))
                        .stripTrailingZeros()
                        .toPlainString()
                + kind);
    }
}
