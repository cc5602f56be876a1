package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.naming.Fingerprint;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of backup jobs. They follow from what requests the backup, so that no request is carried out twice, however often the
 * operator restarts: {@code manual-1a2b3c4d}, {@code scheduled-20261129T020000Z}, {@code first-…}, with {@code -2} and so on for
 * further attempts.
 */
public final class BackupIds {
    private static final String MANUAL = "manual-";
    private static final String SCHEDULED = "scheduled-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern DUE = Pattern.compile(SCHEDULED + "(\\d{8}T\\d{6}Z)(?:-(\\d{1,6}))?");
    private static final Pattern ATTEMPT = Pattern.compile(".*-(\\d{1,6})");
    private static final int SHORT = 8;

    private BackupIds() {}

    /** The first job of a request by annotation. */
    public static String manual(String trigger) {
        return manual(trigger, 1);
    }

    /**
     * A job of a request by annotation.
     *
     * @param attempt 1 for the first; another one follows where a replica could not take the backup
     */
    public static String manual(String trigger, int attempt) {
        return attempt(MANUAL + Fingerprint.of(trigger).substring(0, SHORT), attempt);
    }

    /** Whether a person has requested the backup. */
    public static boolean isManual(String id) {
        return id.startsWith(MANUAL);
    }

    /**
     * The job of a due time.
     *
     * @param attempt 1 for the first
     */
    public static String scheduled(Instant due, int attempt) {
        return attempt(SCHEDULED + TIME.format(due), attempt);
    }

    /**
     * The job of the backup that is needed at once: after a restore, or with a new key.
     *
     * @param occasion what needs it
     * @param attempt 1 for the first
     */
    public static String first(String occasion, int attempt) {
        return attempt("first-" + Fingerprint.of(occasion).substring(0, SHORT), attempt);
    }

    private static String attempt(String id, int attempt) {
        return attempt <= 1 ? id : id + "-" + attempt;
    }

    /** Which attempt a job is, if it is one of the same request as that first attempt. */
    public static Optional<Integer> attemptOf(String id, String firstAttempt) {
        if (id.equals(firstAttempt)) {
            return Optional.of(1);
        }
        Matcher matcher = ATTEMPT.matcher(id);
        return matcher.matches() && id.equals(firstAttempt + "-" + matcher.group(1))
                ? Optional.of(Integer.valueOf(matcher.group(1)))
                : Optional.empty();
    }

    /** The due time of a job of the schedule; nothing for other jobs. */
    public static Optional<Instant> dueTime(String id) {
        Matcher matcher = DUE.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.from(TIME.parse(matcher.group(1))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
