package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.plan.Care;
import com.smoketurner.postgres.cluster.plan.Copies;
import com.smoketurner.postgres.cluster.plan.Copy;
import com.smoketurner.postgres.cluster.plan.Rebuilds;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.Notes;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.DynamicConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has the data of a replica made anew from the primary: of one that a person names by the annotation {@code reinitialize},
 * and of one that is broken for good. What is under way stands on the member's volume claim, before it is begun and after,
 * so a new process of the operator neither forgets nor repeats it.
 */
@Singleton
public final class RebuildStep implements Step {

    private final Notes notes;
    private final EventRecorder events;
    private final BrokenMembers broken;
    private final PatroniRequests requests;
    private final OldestLog log;

    RebuildStep(Notes notes, EventRecorder events, BrokenMembers broken, PatroniRequests requests, OldestLog log) {
        this.notes = notes;
        this.events = events;
        this.broken = broken;
        this.requests = requests;
        this.log = log;
    }

    @Override
    public Part part() {
        return Part.REBUILD;
    }

    @Override
    public Outcome run(ClusterRun run) {
        boolean serves = run.observed().primary(run.now()).isPresent();
        List<Copy> copies = Copies.of(run.view());
        if (serves) {
            broken.note(run, copies);
        }
        var rebuilds = new Rebuilds(
                copies,
                serves,
                run.observed().dynamicConfig().filter(DynamicConfig::paused).isPresent(),
                run.view().annotation(Annotations.REINITIALIZE).orElse(null),
                null);
        take(run, rebuilds.asksForLog(run.now()) ? withLog(run, rebuilds) : rebuilds);
        return rebuilds.quiet() ? Outcome.DONE : Outcome.UNDECIDED;
    }

    private Rebuilds withLog(ClusterRun run, Rebuilds rebuilds) {
        Long oldest = run.observed()
                .primary(run.now())
                .flatMap(primary -> log.of(run, primary))
                .orElse(null);
        return new Rebuilds(rebuilds.copies(), rebuilds.primaryServes(), rebuilds.manual(), rebuilds.wish(), oldest);
    }

    private void take(ClusterRun run, Rebuilds rebuilds) {
        switch (rebuilds.next(run.now())) {
            case Care.Nothing() -> {}
            case Care.Order(String member, String why, boolean wished) -> order(run, member, why, wished);
            case Care.Ask(String member, Instant since) -> {
                if (requests.reinitialize(run, run.observed().member(member), since)) {
                    confirm(run, member);
                }
            }
            case Care.Confirm(String member) -> confirm(run, member);
            case Care.Lapse(String member, String why) -> {
                onClaim(run, member, changes(Annotations.REBUILD_ORDERED, null));
                events.tell(run.cluster(), failed(member, why), run.now());
            }
            case Care.DropWish() -> dropWish(run);
            case Care.RefuseWish(String why) -> {
                if (dropWish(run)) {
                    events.tell(
                            run.cluster(),
                            failed(
                                    run.view()
                                            .annotation(Annotations.REINITIALIZE)
                                            .orElse(""),
                                    why),
                            run.now());
                }
            }
        }
    }

    private void order(ClusterRun run, String member, String why, boolean wished) {
        boolean noted = onClaim(run, member, changes(Annotations.REBUILD_ORDERED, time(run)));
        if (wished) {
            dropWish(run);
        }
        if (noted) {
            events.tell(
                    run.cluster(),
                    Announcement.normal(
                            "ReinitializeStarted",
                            "the data of %s is made anew from the primary: %s".formatted(member, why)),
                    run.now());
        }
    }

    private void confirm(ClusterRun run, String member) {
        Map<String, @Nullable String> changes = changes(Annotations.REBUILD_ORDERED, null);
        changes.put(Annotations.REBUILT, time(run));
        onClaim(run, member, changes);
    }

    private boolean onClaim(ClusterRun run, String member, Map<String, @Nullable String> changes) {
        return Copies.claim(run.view(), member)
                .map(HasMetadata.class::cast)
                .filter(claim -> notes.change(claim, changes))
                .isPresent();
    }

    private boolean dropWish(ClusterRun run) {
        return notes.change(run.cluster(), changes(Annotations.REINITIALIZE, null));
    }

    private static Map<String, @Nullable String> changes(String key, @Nullable String value) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put(key, value);
        return changes;
    }

    private static String time(ClusterRun run) {
        return run.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Announcement failed(String member, String why) {
        return Announcement.warning("ReinitializeFailed", "the data of %s is not made anew: %s".formatted(member, why));
    }
}
