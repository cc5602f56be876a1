package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.PatroniRequests;
import com.smoketurner.postgres.cluster.run.RebuildRecord;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.AnnotationWriter;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
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
 * Has the data of a replica copied from the primary again: of one that a user names by the annotation {@code reinitialize},
 * and of one that is broken for good. What is under way stands on the member's volume claim, before it is begun and after,
 * so a new process of the operator neither forgets nor repeats it.
 */
@Singleton
public final class RebuildStep implements Step {

    private final AnnotationWriter notes;
    private final EventRecorder events;
    private final BrokenReplicas broken;
    private final PatroniRequests requests;
    private final OldestWal log;

    RebuildStep(
            AnnotationWriter notes,
            EventRecorder events,
            BrokenReplicas broken,
            PatroniRequests requests,
            OldestWal log) {
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
        List<ReplicaHealth> replicas = ReplicaHealths.of(run.view());
        if (serves) {
            broken.note(run, replicas);
        }
        var rebuilds = new RebuildPlanner(
                replicas,
                serves,
                run.observed().dynamicConfig().filter(DynamicConfig::paused).isPresent(),
                run.view().annotation(Annotations.REINITIALIZE).orElse(null),
                null);
        take(run, rebuilds.asksForLog(run.now()) ? withLog(run, rebuilds) : rebuilds);
        return rebuilds.quiet() ? Outcome.DONE : Outcome.UNDECIDED;
    }

    private RebuildPlanner withLog(ClusterRun run, RebuildPlanner rebuilds) {
        Long oldest = run.observed()
                .primary(run.now())
                .flatMap(primary -> log.of(run, primary))
                .orElse(null);
        return new RebuildPlanner(
                rebuilds.replicas(), rebuilds.primaryServes(), rebuilds.manual(), rebuilds.request(), oldest);
    }

    private void take(ClusterRun run, RebuildPlanner rebuilds) {
        switch (rebuilds.next(run.now())) {
            case RebuildAction.Nothing() -> {}
            case RebuildAction.Order(String member, String why, boolean requested) ->
                order(run, member, why, requested);
            case RebuildAction.Ask(String member, Instant since) -> {
                if (requests.reinitialize(run, run.observed().member(member), since)) {
                    confirm(run, member);
                }
            }
            case RebuildAction.Confirm(String member) -> confirm(run, member);
            case RebuildAction.Lapse(String member, String why) -> {
                onClaim(run, member, changes(Annotations.REBUILD_ORDERED, null));
                events.logAndRecord(run.cluster(), failed(member, why), run.now());
            }
            case RebuildAction.DropRequest() -> dropWish(run);
            case RebuildAction.RefuseWish(String why) -> {
                if (dropWish(run)) {
                    events.logAndRecord(
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

    private void order(ClusterRun run, String member, String why, boolean requested) {
        boolean noted = onClaim(run, member, changes(Annotations.REBUILD_ORDERED, time(run)));
        if (requested) {
            dropWish(run);
        }
        if (noted) {
            events.logAndRecord(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.REINITIALIZE_STARTED,
                            "reinitializing %s from the primary: %s".formatted(member, why)),
                    run.now());
        }
    }

    private void confirm(ClusterRun run, String member) {
        Map<String, @Nullable String> changes = changes(Annotations.REBUILD_ORDERED, null);
        changes.put(Annotations.REBUILT, time(run));
        onClaim(run, member, changes);
    }

    private boolean onClaim(ClusterRun run, String member, Map<String, @Nullable String> changes) {
        return RebuildRecord.claim(run.view(), member)
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

    private static EventMessage failed(String member, String why) {
        return EventMessage.of(EventReason.REINITIALIZE_FAILED, "%s was not reinitialized: %s".formatted(member, why));
    }
}
