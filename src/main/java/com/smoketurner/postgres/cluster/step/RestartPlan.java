package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.patroni.MemberRecord;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which server restarts next, so that parameters that wait for a restart come into force: replicas from the highest ordinal
 * down, then a switchover, then the former primary; never one while another member is away.
 *
 * @param members the pods
 * @param desired members asked for
 */
record RestartPlan(List<Member> members, int desired) {

    /**
     * A replica must have at least the primary's values of these, or it does not start. So where one becomes lower the
     * primary goes first.
     *
     * @see <a href="https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN">Administrator's
     *     overview</a>
     */
    private static final Set<String> NOT_BELOW_THE_PRIMARY = Set.of(
            "max_connections",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "max_wal_senders",
            "max_worker_processes");

    /** One step. */
    sealed interface Next {

        Member member();

        /** Restart this member's server where it is. */
        record Restart(Member member) implements Next {
            @Override
            public String toString() {
                return "the server of %s restarts for %s".formatted(member.name(), member.pending());
            }
        }

        /** Hand the leadership of this member to the best replica. */
        record Switchover(Member member) implements Next {
            @Override
            public String toString() {
                return "%s hands over before its restart for %s".formatted(member.name(), member.pending());
            }
        }
    }

    List<Member> pending() {
        return members.stream().filter(Member::pendingRestart).toList();
    }

    /** What to do now; nothing when no parameter waits or another member has to come back first. */
    Optional<Next> next() {
        if (members.size() < desired || !members.stream().allMatch(RestartPlan::serves)) {
            return Optional.empty();
        }
        Optional<Member> primary = pending().stream().filter(Member::primary).findFirst();
        if (primary.filter(RestartPlan::goesFirst).isPresent()) {
            return primary.map(Next.Restart::new);
        }
        return pending().stream()
                .filter(Predicate.not(Member::primary))
                .max(Comparator.comparingInt(Member::ordinal))
                .<Next>map(Next.Restart::new)
                .or(() -> primary.map(p -> members.size() > 1 ? new Next.Switchover(p) : new Next.Restart(p)));
    }

    private static boolean serves(Member member) {
        return member.ready() && !member.terminating() && (member.primary() || member.streaming());
    }

    private static boolean goesFirst(Member primary) {
        return primary.pending().entrySet().stream().anyMatch(RestartPlan::isLowered);
    }

    private static boolean isLowered(Map.Entry<String, MemberRecord.Change> change) {
        return NOT_BELOW_THE_PRIMARY.contains(change.getKey())
                && number(change.getValue().newValue())
                        .flatMap(now -> number(change.getValue().oldValue()).map(old -> now.compareTo(old) < 0))
                        .orElse(false);
    }

    private static Optional<BigDecimal> number(@Nullable String value) {
        try {
            return value == null ? Optional.empty() : Optional.of(new BigDecimal(value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
