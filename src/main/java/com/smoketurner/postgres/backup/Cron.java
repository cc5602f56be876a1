package com.smoketurner.postgres.backup;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The five fields of a cron schedule, as Kubernetes reads them for a CronJob: numbers, names of months and days of the week,
 * lists, ranges and steps. A day has to match the day of the month or the day of the week where both are restricted.
 *
 * @param minutes bits of the minutes of an hour
 * @param hours bits of the hours of a day
 * @param days bits of the days of a month
 * @param months bits of the months of a year, from 1
 * @param weekdays bits of the days of a week, 0 for Sunday
 * @param anyDay whether the day of the month is not restricted
 * @param anyWeekday whether the day of the week is not restricted
 */
record Cron(long minutes, long hours, long days, long months, long weekdays, boolean anyDay, boolean anyWeekday) {
    private static final Map<String, String> MACROS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private static final Pattern PART =
            Pattern.compile("(?<all>\\*)?((?<from>[0-9A-Za-z]+)(-(?<to>[0-9A-Za-z]+))?)?(/(?<step>\\d{1,4}))?");
    private static final long ALL_HOURS = (1L << 24) - 1;
    private static final int SATURDAY = 6;
    private static final int DAYS_OF_A_WEEK = 7;

    /**
     * One of the five fields.
     *
     * @param max number that may be written
     * @param last number that a star and a step reach
     * @param words for the numbers from min on
     */
    private record Field(String name, int min, int max, int last, List<String> words) {
        /** The number of a word or of digits; IllegalArgumentException for neither. */
        int number(String text) {
            int word = words.indexOf(text.toUpperCase(Locale.ROOT));
            if (word >= 0) {
                return word + min;
            }
            if (!text.matches("\\d{1,4}")) {
                throw new IllegalArgumentException("%s %s is not known".formatted(name, text));
            }
            int number = Integer.parseInt(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException("%s %s is not between %d and %d".formatted(name, text, min, max));
            }
            return number;
        }
    }

    private static final Field MINUTE = new Field("minute", 0, 59, 59, List.of());
    private static final Field HOUR = new Field("hour", 0, 23, 23, List.of());
    private static final Field DAY = new Field("day of the month", 1, 31, 31, List.of());
    private static final Field MONTH = new Field(
            "month",
            1,
            12,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));

    /** 7 is Sunday, too. */
    private static final Field WEEKDAY = new Field(
            "day of the week", 0, DAYS_OF_A_WEEK, SATURDAY, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    /** The schedule of that text; IllegalArgumentException with what is wrong. */
    static Cron parse(String text) {
        String[] fields = MACROS.getOrDefault(text, text).strip().split(" +", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("it has %d fields instead of 5".formatted(fields.length));
        }
        long weekdays = bits(WEEKDAY, fields[4]);
        return new Cron(
                bits(MINUTE, fields[0]),
                bits(HOUR, fields[1]),
                bits(DAY, fields[2]),
                bits(MONTH, fields[3]),
                (weekdays | (weekdays >>> DAYS_OF_A_WEEK)) & ((1L << DAYS_OF_A_WEEK) - 1),
                any(fields[2]),
                any(fields[4]));
    }

    /** Whether the schedule is due on that day at all. */
    boolean on(LocalDate day) {
        boolean byDay = has(days, day.getDayOfMonth());
        boolean byWeekday = has(weekdays, day.getDayOfWeek().getValue() % DAYS_OF_A_WEEK);
        if (!has(months, day.getMonthValue())) {
            return false;
        }
        return (anyDay || anyWeekday) ? byDay && byWeekday : byDay || byWeekday;
    }

    /** The minutes of a day at which it is due, counted from midnight. */
    IntStream minutesOfDay() {
        return IntStream.range(0, 24 * 60).filter(minute -> has(hours, minute / 60) && has(minutes, minute % 60));
    }

    /** Whether it is due in every hour: then it follows the time that passes, and else the clock on the wall. */
    boolean everyHour() {
        return hours == ALL_HOURS;
    }

    private static boolean has(long bits, int number) {
        return ((bits >>> number) & 1) == 1;
    }

    private static boolean any(String field) {
        return List.of(field.split(",", -1)).stream().anyMatch(part -> part.equals("*") || part.equals("*/1"));
    }

    private static long bits(Field field, String text) {
        long bits = 0;
        for (String part : text.split(",", -1)) {
            bits |= range(field, part);
        }
        return bits;
    }

    private static long range(Field field, String part) {
        Matcher matcher = PART.matcher(part);
        if (part.isEmpty() || !matcher.matches() || (matcher.group("all") == null) == (matcher.group("from") == null)) {
            throw new IllegalArgumentException("%s \"%s\" has no meaning".formatted(field.name(), part));
        }
        boolean all = matcher.group("all") != null;
        String step = matcher.group("step");
        int from = all ? field.min() : field.number(Objects.requireNonNull(matcher.group("from")));
        int to = all ? field.last() : to(field, matcher.group("to"), step != null ? field.last() : from);
        int by = step == null ? 1 : Integer.parseInt(step);
        if (from > to || by == 0) {
            throw new IllegalArgumentException("%s \"%s\" contains nothing".formatted(field.name(), part));
        }
        return IntStream.iterate(from, number -> number <= to, number -> number + by)
                .mapToLong(number -> 1L << number)
                .reduce(0, (a, b) -> a | b);
    }

    private static int to(Field field, @Nullable String text, int otherwise) {
        return text == null ? otherwise : field.number(text);
    }
}
