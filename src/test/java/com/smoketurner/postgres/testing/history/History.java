package com.smoketurner.postgres.testing.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a {@link Writer} sent and what it was told, in the order of sending. */
public record History(List<Attempt> attempts, boolean complete) {

    /** What the writer knows about one number. */
    public enum Outcome {
        OK,
        UNKNOWN,
        UNSENT
    }

    /** One number, sent once. */
    public record Attempt(long number, Outcome outcome, Instant sent, Instant answered, String note) {}

    /** What the table must not show; all lists empty is what a database promises. */
    public record Verdict(List<Long> lost, List<Long> twice, List<Long> neverSent) {
        public boolean clean() {
            return lost.isEmpty() && twice.isEmpty() && neverSent.isEmpty();
        }

        /**
         * Every acknowledged number is there exactly once, and none that was not sent.
         *
         * @throws WrongRows otherwise, with the first numbers of each kind
         */
        public void orThrow() {
            if (!clean()) {
                throw new WrongRows("acknowledged and lost: " + first(lost) + "; there twice: " + first(twice)
                        + "; never sent: " + first(neverSent));
            }
        }

        private static String first(List<Long> numbers) {
            return numbers.size() <= 10 ? numbers.toString() : numbers.size() + ", first " + numbers.subList(0, 10);
        }
    }

    /** What no second attempt of a test makes good: see scripts/report. */
    public static final class WrongRows extends AssertionError {
        private static final long serialVersionUID = 1;

        WrongRows(String message) {
            super(message);
        }
    }

    /** The time without any acknowledged write between two acknowledged ones. */
    public record Gap(Instant from, Instant to) {
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    /** Reads the output of the writer; other lines are ignored. */
    static History parse(String log) {
        var attempts = new ArrayList<Attempt>();
        boolean complete = false;
        for (String line : log.lines().toList()) {
            String[] part = line.split(" ", 5);
            complete |= line.equals("end");
            if (part.length == 5 && line.matches("(ok|unknown|unsent) .*")) {
                attempts.add(new Attempt(
                        Long.parseLong(part[1]),
                        Outcome.valueOf(part[0].toUpperCase(java.util.Locale.ROOT)),
                        time(part[2]),
                        time(part[3]),
                        part[4]));
            }
        }
        return new History(List.copyOf(attempts), complete);
    }

    private static Instant time(String seconds) {
        return Instant.ofEpochSecond(0, (long) (Double.parseDouble(seconds) * 1e9));
    }

    public List<Attempt> acknowledged() {
        return attempts.stream().filter(a -> a.outcome() == Outcome.OK).toList();
    }

    /** Those whose transaction failed, or may have. */
    public List<Attempt> failed() {
        return attempts.stream().filter(a -> a.outcome() != Outcome.OK).toList();
    }

    /** The longest time that a client waited for an answer to what was sent since a moment. */
    public Duration longestLatency(Instant since) {
        return attempts.stream()
                .filter(a -> !a.answered().isBefore(since))
                .map(a -> Duration.between(a.sent(), a.answered()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Compares with the numbers found in the table: each acknowledged one exactly once, no other but unknown ones. */
    public Verdict judge(List<Long> stored) {
        Set<Long> found = new HashSet<>();
        var twice = new ArrayList<Long>();
        for (Long n : stored) {
            if (!found.add(n)) {
                twice.add(n);
            }
        }
        var lost = acknowledged().stream()
                .map(Attempt::number)
                .filter(n -> !found.contains(n))
                .toList();
        Set<Long> sent = new HashSet<>();
        attempts.stream().filter(a -> a.outcome() != Outcome.UNSENT).forEach(a -> sent.add(a.number()));
        return new Verdict(
                lost,
                List.copyOf(twice),
                found.stream().filter(n -> !sent.contains(n)).sorted().toList());
    }

    /** The longest time without an acknowledged write since a moment; nothing at all counts up to the last attempt. */
    public Gap longestGap(Instant since) {
        Instant last = since;
        var longest = new Gap(since, since);
        for (Attempt a : attempts) {
            if (a.answered().isBefore(since)) {
                continue;
            }
            if (Duration.between(last, a.answered()).compareTo(longest.length()) > 0) {
                longest = new Gap(last, a.answered());
            }
            if (a.outcome() == Outcome.OK) {
                last = a.answered();
            }
        }
        return longest;
    }
}
