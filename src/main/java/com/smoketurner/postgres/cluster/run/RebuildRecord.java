package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the volume claim of a member says about copying its data from the primary again. It stands there so that a new
 * process of the operator neither forgets nor repeats it.
 *
 * @param ordered since when that is to be done; null where it is not
 * @param rebuilt when it was last begun; null where it never was
 */
public record RebuildRecord(
        @Nullable Instant ordered, @Nullable Instant rebuilt) {

    /** Members report once in a loop, so a rebuild shows only then. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    public static RebuildRecord of(ClusterView view, Member member) {
        return new RebuildRecord(
                time(view, member, Annotations.REBUILD_ORDERED), time(view, member, Annotations.REBUILT));
    }

    /** Whether the data is about to be copied, or the copy has just begun and the member may not have said so yet. */
    public boolean inProgress(ClusterView view) {
        Duration loops = Duration.ofSeconds(2L * view.spec().failoverOrDefault().loopWaitOrDefault());
        return ordered != null
                || (rebuilt != null && view.now().isBefore(rebuilt.plus(loops).plus(SLACK)));
    }

    /** The volume claim of a member. */
    public static Optional<PersistentVolumeClaim> claim(ClusterView view, String member) {
        String name = view.names().dataClaim(Member.ordinal(member));
        return view.observed().claims().stream()
                .filter(claim -> claim.getMetadata().getName().equals(name))
                .findFirst();
    }

    private static @Nullable Instant time(ClusterView view, Member member, String annotation) {
        return claim(view, member.name())
                .map(claim -> claim.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(annotation))
                .flatMap(RebuildRecord::parse)
                .orElse(null);
    }

    private static Optional<Instant> parse(String time) {
        try {
            return Optional.of(Instant.parse(time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
