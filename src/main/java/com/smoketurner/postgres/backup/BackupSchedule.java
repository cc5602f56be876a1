package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.naming.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * When backups are due.
 *
 * <p>A time that the change to summer time leaves out is due right after the change; one that comes twice is due once, unless
 * the schedule is due in every hour.
 *
 * @param cron the five fields
 * @param zone whose clock they are read from
 */
public record BackupSchedule(Cron cron, ZoneId zone) {
    /** The rarest schedule is due on a 29 February, which is missing in 2100. */
    private static final int LONGEST_GAP_DAYS = 8 * 366 + 1;

    private static final int SHARE = 10;
    private static final int INTERVALS = 2;

    private static final Duration LONGEST_JITTER = Duration.ofMinutes(15);

    /**
     * The schedule of base backups; refused with the field that has no meaning.
     *
     * @param schedule five cron fields, or {@code @hourly} to {@code @yearly}
     * @param timezone a name of the IANA database
     */
    public static Checked<BackupSchedule> of(String schedule, String timezone) {
        return of("backup.schedule", schedule, timezone);
    }

    /**
     * The schedule in a field of the spec; refused with the field that has no meaning.
     *
     * @param field name of the field below {@code spec}
     * @param schedule five cron fields, or {@code @hourly} to {@code @yearly}
     * @param timezone a name of the IANA database
     */
    public static Checked<BackupSchedule> of(String field, String schedule, String timezone) {
        if (!ZoneId.getAvailableZoneIds().contains(timezone)) {
            return Checked.refused(
                    Reason.INVALID_BACKUP_SCHEDULE,
                    "backup.timezone \"%s\" is not a time zone of the IANA database, such as UTC or Europe/Berlin"
                            .formatted(timezone));
        }
        try {
            var parsed = new BackupSchedule(Cron.parse(schedule), ZoneId.of(timezone));
            return parsed.first(Instant.EPOCH).isPresent()
                    ? Checked.accepted(parsed)
                    : refused(field, schedule, "that day never comes");
        } catch (IllegalArgumentException e) {
            return refused(field, schedule, String.valueOf(e.getMessage()));
        }
    }

    /** The first due time after that moment. */
    public Instant nextDue(Instant after) {
        return first(after).orElseThrow(() -> new IllegalStateException("never due: " + this));
    }

    /** The last due time at or before that moment. */
    public Instant lastDue(Instant at) {
        LocalDate day = LocalDateTime.ofInstant(at, zone).toLocalDate().plusDays(1);
        return IntStream.range(0, LONGEST_GAP_DAYS)
                .mapToObj(day::minusDays)
                .flatMap(this::latestFirst)
                .filter(due -> !due.isAfter(at))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("never due: " + this));
    }

    /** The time between two backups around that moment; the longer one where the schedule is not even. */
    public Duration interval(Instant at) {
        Instant last = lastDue(at);
        Duration before = Duration.between(lastDue(last.minusNanos(1)), last);
        Duration after = Duration.between(last, nextDue(at));
        return before.compareTo(after) > 0 ? before : after;
    }

    /**
     * How long after a due time the backup of a cluster begins: up to a tenth of the interval and 15 minutes, always the same
     * for one cluster. Hundreds that are due at once, or were missed together, do not begin together.
     *
     * @param uid of the cluster
     */
    public Duration jitter(String uid, Instant due) {
        Duration tenth = interval(due).dividedBy(SHARE);
        long most = Math.min(tenth.toMillis(), LONGEST_JITTER.toMillis());
        return Duration.ofMillis(Long.remainderUnsigned(Long.parseUnsignedLong(Fingerprint.of(uid), 16), most + 1));
    }

    /** Whether the last success is older than two intervals. */
    public boolean overdue(Instant succeeded, Instant now) {
        return now.isAfter(succeeded.plus(interval(now).multipliedBy(INTERVALS)));
    }

    private Optional<Instant> first(Instant after) {
        LocalDate day = LocalDateTime.ofInstant(after, zone).toLocalDate().minusDays(1);
        return IntStream.range(0, LONGEST_GAP_DAYS)
                .mapToObj(day::plusDays)
                .flatMap(this::dueOn)
                .filter(due -> due.isAfter(after))
                .findFirst();
    }

    private Stream<Instant> latestFirst(LocalDate day) {
        return dueOn(day).sorted(Collections.reverseOrder());
    }

    private Stream<Instant> dueOn(LocalDate day) {
        return cron.on(day)
                ? cron.minutesOfDay()
                        .mapToObj(minute -> day.atStartOfDay().plusMinutes(minute))
                        .flatMap(this::instants)
                        .distinct()
                        .sorted()
                : Stream.empty();
    }

    private Stream<Instant> instants(LocalDateTime time) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.isEmpty()) {
            return Stream.of(zone.getRules().getTransition(time).getInstant());
        }
        return (cron.everyHour() ? offsets.stream() : offsets.stream().limit(1)).map(time::toInstant);
    }

    private static Checked<BackupSchedule> refused(String field, String schedule, String why) {
        return Checked.refused(
                Reason.INVALID_BACKUP_SCHEDULE, "%s \"%s\" is not valid: %s".formatted(field, schedule, why));
    }
}
