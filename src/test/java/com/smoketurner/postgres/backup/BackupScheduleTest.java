package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repositories.accepted;
import static com.smoketurner.postgres.backup.Repositories.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupScheduleTest {
    private static final long YEARS_2020_TO_2040 = 2_208_988_800L;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * * *         | 2026-11-29T01:59:59Z | 2026-11-29T02:00:00Z
            0 2 * * *         | 2026-11-29T02:00:00Z | 2026-11-30T02:00:00Z
            */15 * * * *      | 2026-11-29T10:07:00Z | 2026-11-29T10:15:00Z
            5/20 * * * *      | 2026-11-29T10:07:00Z | 2026-11-29T10:25:00Z
            0 0 * * MON-FRI   | 2026-11-28T00:00:00Z | 2026-11-30T00:00:00Z
            0 0 * * 7         | 2026-11-28T00:00:00Z | 2026-11-29T00:00:00Z
            0 0 * * 5-7       | 2026-11-28T12:00:00Z | 2026-11-29T00:00:00Z
            0 0 13 * 5        | 2026-11-29T00:00:00Z | 2026-12-04T00:00:00Z
            0 0 */2 * 1       | 2026-12-08T00:00:00Z | 2026-12-09T00:00:00Z
            0 0 29 2 *        | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z
            0 0 29 2 *        | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z
            30 4 1,15 jan *   | 2026-01-02T00:00:00Z | 2026-01-15T04:30:00Z
            @hourly           | 2026-11-29T10:07:00Z | 2026-11-29T11:00:00Z
            @daily            | 2026-11-29T10:07:00Z | 2026-11-30T00:00:00Z
            @midnight         | 2026-11-29T10:07:00Z | 2026-11-30T00:00:00Z
            @weekly           | 2026-11-29T10:07:00Z | 2026-12-06T00:00:00Z
            @monthly          | 2026-11-29T10:07:00Z | 2026-12-01T00:00:00Z
            @yearly           | 2026-11-29T10:07:00Z | 2027-01-01T00:00:00Z
            @annually         | 2026-11-29T10:07:00Z | 2027-01-01T00:00:00Z
            """)
    void nextDue(String schedule, Instant after, Instant due) {
        assertThat(schedule(schedule, "UTC").nextDue(after)).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            61 * * * *      | minute 61 is not between 0 and 59
            0 24 * * *      | hour 24 is not between 0 and 23
            0 0 0 * *       | day of the month 0 is not between 1 and 31
            0 0 * 13 *      | month 13 is not between 1 and 12
            0 0 * * 8       | day of the week 8 is not between 0 and 7
            0 0 * * FUN     | day of the week FUN is not known
            0 0 * *         | it has 4 fields instead of 5
            every day       | it has 2 fields instead of 5
            5-1 * * * *     | minute "5-1" contains nothing
            */0 * * * *     | minute "*/0" contains nothing
            1,,2 * * * *    | minute "" has no meaning
            *1 * * * *      | minute "*1" has no meaning
            1-2-3 * * * *   | minute "1-2-3" has no meaning
            - * * * *       | minute "-" has no meaning
            0 0 30 2 *      | that day never comes
            """)
    void schedulesWithoutAMeaning(String schedule, String why) {
        var refused = refused(BackupSchedule.of(schedule, "UTC"));
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_BACKUP_SCHEDULE);
        assertThat(refused.message()).isEqualTo("backup.schedule \"%s\" is not valid: %s", schedule, why);
    }

    @Test
    void zonesWithoutAMeaning() {
        assertThat(refused(BackupSchedule.of("@daily", "Mars/Olympus")).message())
                .isEqualTo("backup.timezone \"Mars/Olympus\" is not a time zone of the IANA database, such as UTC or"
                        + " Europe/Berlin");
    }

    @Test
    void summerTimeMovesWhatItLeavesOut() {
        var nightly = schedule("30 2 * * *", "Europe/Berlin");
        assertThat(nightly.nextDue(Instant.parse("2026-03-28T12:00:00Z"))).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(nightly.nextDue(Instant.parse("2026-03-29T01:00:00Z"))).isEqualTo("2026-03-30T00:30:00Z");
        assertThat(nightly.lastDue(Instant.parse("2026-03-29T12:00:00Z"))).isEqualTo("2026-03-29T01:00:00Z");
    }

    @Test
    void winterTimeRepeatsNothingButWhatIsDueInEveryHour() {
        var nightly = schedule("30 2 * * *", "Europe/Berlin");
        assertThat(nightly.nextDue(Instant.parse("2026-10-24T12:00:00Z"))).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(nightly.nextDue(Instant.parse("2026-10-25T00:30:00Z"))).isEqualTo("2026-10-26T01:30:00Z");

        var hourly = schedule("@hourly", "Europe/Berlin");
        assertThat(hourly.nextDue(Instant.parse("2026-10-25T00:00:00Z"))).isEqualTo("2026-10-25T01:00:00Z");
        assertThat(hourly.nextDue(Instant.parse("2026-10-25T01:00:00Z"))).isEqualTo("2026-10-25T02:00:00Z");
    }

    @Property(tries = 300)
    void nothingIsDueBetweenTwoDueTimes(
            @ForAll("schedules") String text, @ForAll @LongRange(min = 0, max = YEARS_2020_TO_2040) long second) {
        var schedule = schedule(text, "UTC");
        Instant at = Instant.ofEpochSecond(second);
        Instant next = schedule.nextDue(at);
        Instant last = schedule.lastDue(at);

        assertThat(last).isBeforeOrEqualTo(at);
        assertThat(next).isAfter(at);
        assertThat(schedule.nextDue(last)).isEqualTo(next);
        assertThat(schedule.lastDue(next)).isEqualTo(next);
        assertThat(schedule.lastDue(next.minusNanos(1))).isEqualTo(last);
        assertThat(schedule.interval(at)).isGreaterThanOrEqualTo(Duration.between(last, next));
    }

    @Property(tries = 300)
    void dueTimesAreThoseThatTheFieldsMean(
            @ForAll("schedules") String text, @ForAll @LongRange(min = 0, max = YEARS_2020_TO_2040) long second) {
        Instant at = Instant.ofEpochSecond(second);
        var due = ZonedDateTime.ofInstant(schedule(text, "UTC").nextDue(at), ZoneOffset.UTC);
        String[] fields = text.split(" ", -1);

        assertThat(numbers(fields[0], 0, 59)).contains(due.getMinute());
        assertThat(numbers(fields[1], 0, 23)).contains(due.getHour());
        assertThat(numbers(fields[3], 1, 12)).contains(due.getMonthValue());
        boolean day = numbers(fields[2], 1, 31).contains(due.getDayOfMonth());
        boolean weekday = numbers(fields[4], 0, 6).contains(due.getDayOfWeek().getValue() % 7);
        boolean both = fields[2].equals("*") || fields[4].equals("*");
        assertThat(both ? day && weekday : day || weekday).isTrue();
        assertThat(due.getSecond() + due.getNano()).isZero();
    }

    @Property(tries = 200)
    void zonesKeepTheOrder(
            @ForAll("schedules") String text,
            @ForAll("zones") String zone,
            @ForAll @LongRange(min = 0, max = YEARS_2020_TO_2040) long second) {
        var schedule = schedule(text, zone);
        Instant at = Instant.ofEpochSecond(second);
        Instant next = schedule.nextDue(at);
        assertThat(next).isAfter(at);
        assertThat(schedule.lastDue(next)).isEqualTo(next);
        assertThat(schedule.lastDue(next.minusNanos(1))).isBeforeOrEqualTo(at);
    }

    @Test
    void fiveHundredDailyBackupsAreSpreadOverAQuarterOfAnHour() {
        var daily = schedule("@daily", "UTC");
        Instant due = Instant.parse("2026-11-29T00:00:00Z");
        var minutes = new ArrayList<Integer>();
        for (int i = 0; i < 500; i++) {
            String uid = UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                    .toString();
            Duration jitter = daily.jitter(uid, due);
            assertThat(jitter).isEqualTo(daily.jitter(uid, due)).isBetween(Duration.ZERO, Duration.ofMinutes(15));
            minutes.add((int) jitter.toMinutes());
        }
        assertThat(IntStream.range(0, 15)
                        .mapToLong(minute -> minutes.stream()
                                .filter(other -> other == minute)
                                .count()))
                .allSatisfy(count -> assertThat(count).isBetween(15L, 60L));
        assertThat(schedule("@hourly", "UTC").jitter("uid", due)).isLessThanOrEqualTo(Duration.ofMinutes(6));
        assertThat(schedule("* * * * *", "UTC").jitter("uid", due)).isLessThanOrEqualTo(Duration.ofSeconds(6));
    }

    @Provide
    Arbitrary<String> schedules() {
        return Combinators.combine(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
                .as((minute, hour, day, month, weekday) -> String.join(" ", minute, hour, day, month, weekday));
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of(
                "UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran");
    }

    private static Arbitrary<String> field(int min, int max) {
        var number = Arbitraries.integers().between(min, max);
        var numbers = number.list().ofMinSize(1).ofMaxSize(3).map(BackupScheduleTest::list);
        var ranges = Combinators.combine(number, number).as((a, b) -> Math.min(a, b) + "-" + Math.max(a, b));
        return Arbitraries.oneOf(
                Arbitraries.just("*"),
                numbers,
                ranges,
                Arbitraries.integers().between(2, 9).map(n -> "*/" + n));
    }

    private static String list(List<Integer> numbers) {
        return String.join(",", numbers.stream().map(Object::toString).toList());
    }

    /** The numbers of a field, read in another way than the code does. */
    private static Set<Integer> numbers(String field, int min, int max) {
        var numbers = new TreeSet<Integer>();
        for (int i = min; i <= max; i++) {
            if (field.equals("*")
                    || (field.startsWith("*/") && (i - min) % Integer.parseInt(field.substring(2)) == 0)
                    || List.of(field.split(",", -1)).contains(Integer.toString(i))
                    || (field.contains("-")
                            && i >= Integer.parseInt(field.split("-", -1)[0])
                            && i <= Integer.parseInt(field.split("-", -1)[1]))) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    private static BackupSchedule schedule(String text, String zone) {
        return accepted(BackupSchedule.of(text, zone));
    }
}
