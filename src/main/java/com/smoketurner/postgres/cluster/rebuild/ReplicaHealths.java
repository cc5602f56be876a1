package com.smoketurner.postgres.cluster.plan;

import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The copies of the data, from what was observed of a cluster. */
public final class Copies {

    /** Members report once in a loop, so what was asked of one shows only then. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private Copies() {}

    public static List<Copy> of(ClusterView view) {
        return view.observed().members().stream()
                .map(member -> copy(view, member))
                .toList();
    }

    private static Copy copy(ClusterView view, Member member) {
        boolean leads = view.observed().leaderMember().filter(member::equals).isPresent();
        return new Copy(
                member.name(),
                member.ordinal(),
                leads,
                member.ready() && !member.terminating() && (leads || member.streaming()),
                member.cloning(),
                Fault.of(member, leads),
                member.brokenSince(),
                view.observed().positions().byMember().get(member.name()),
                time(view, member, Annotations.REBUILD_ORDERED),
                time(view, member, Annotations.REBUILT));
    }

    /** The volume claim of a member. */
    public static Optional<PersistentVolumeClaim> claim(ClusterView view, String member) {
        String name = view.names().dataClaim(Member.ordinal(member));
        return view.observed().claims().stream()
                .filter(claim -> claim.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** Whether a member's data is about to be made anew, or has just begun to be and may not have said so yet. */
    static boolean isBeingRebuilt(ClusterView view, Member member) {
        Instant begun = time(view, member, Annotations.REBUILT);
        Duration loops = Duration.ofSeconds(2L * view.spec().failoverOrDefault().loopWaitOrDefault());
        return time(view, member, Annotations.REBUILD_ORDERED) != null
                || (begun != null && view.now().isBefore(begun.plus(loops).plus(SLACK)));
    }

    private static @Nullable Instant time(ClusterView view, Member member, String annotation) {
        return claim(view, member.name())
                .map(claim -> claim.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(annotation))
                .flatMap(Copies::parse)
                .orElse(null);
    }

    private static Optional<Instant> parse(String time) {
        try {
            return Optional.of(Instant.parse(time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What is broken, each in a few words for a person; empty when every replica is well or merely on its way. */
    public static List<String> broken(ClusterView view) {
        return of(view).stream()
                .filter(copy -> copy.since() != null && copy.fault() != Fault.NONE)
                .map(copy -> text(copy, view.now()))
                .toList();
    }

    private static String text(Copy copy, Instant now) {
        if (copy.cloning()) {
            return "%s is being made anew from the primary".formatted(copy.name());
        }
        BrokenSince since = copy.since();
        String what = copy.fault() == Fault.DETACHED
                ? "%s does not receive the primary's changes"
                : "the server of %s does not start";
        String line = what.formatted(copy.name()) + (since == null ? "" : " since " + since.at());
        if (copy.fault() == Fault.FULL) {
            return line + "; its volume is almost full, raise spec.storage.size";
        }
        return Rebuilds.mayBeRebuilt(copy, now)
                ? line
                : "%s; its data was made anew at %s already, see its log, and %s=%s tries again"
                        .formatted(line, copy.rebuilt(), Annotations.REINITIALIZE, copy.name());
    }
}
