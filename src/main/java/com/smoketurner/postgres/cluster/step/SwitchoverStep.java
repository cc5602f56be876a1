package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.cluster.plan.AcceptedSwitchover;
import com.smoketurner.postgres.cluster.plan.Planner;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.plan.Switchovers;
import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.AnnotationWriter;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.naming.Annotations;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The beginning and the end of a switchover that a person asks for by the annotation {@code switchover}; what is between is
 * the planner's. Whom {@code auto} means is written down before anything is done.
 */
@Singleton
public final class SwitchoverStep implements Step {

    private final AnnotationWriter notes;
    private final EventRecorder events;

    SwitchoverStep(AnnotationWriter notes, EventRecorder events) {
        this.notes = notes;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.SWITCHOVER;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<String> request = run.view().annotation(Annotations.SWITCHOVER);
        Optional<AcceptedSwitchover> accepted = AcceptedSwitchover.of(run.cluster());
        if (accepted.isPresent()) {
            follow(run, accepted.get());
        } else if (request.isPresent()) {
            accept(run, request.get());
        } else if (run.view().annotation(Annotations.SWITCHOVER_ACCEPTED).isPresent()) {
            clear(run); // The person has taken it back.
        } else {
            return Outcome.DONE;
        }
        return Outcome.UNDECIDED;
    }

    private void accept(ClusterRun run, String request) {
        switch (Switchovers.judge(RolloutStates.of(run.view()), request)) {
            case Switchovers.Verdict.Accepted(String member) ->
                notes.change(
                        run.cluster(),
                        Map.of(
                                Annotations.SWITCHOVER,
                                member,
                                Annotations.SWITCHOVER_ACCEPTED,
                                new AcceptedSwitchover(member, run.now()).text()));
            case Switchovers.Verdict.Refused(String why) ->
                end(
                        run,
                        EventMessage.of(
                                EventReason.SWITCHOVER_FAILED,
                                "cannot switch over to %s: %s%s".formatted(request, why, causes(run.observed()))));
        }
    }

    private void follow(ClusterRun run, AcceptedSwitchover accepted) {
        boolean leads = run.observed()
                .primary(run.now())
                .map(Member::name)
                .filter(accepted.member()::equals)
                .isPresent();
        if (leads) {
            end(
                    run,
                    EventMessage.of(
                            EventReason.SWITCHOVER_COMPLETED, "%s is now the primary".formatted(accepted.member())));
        } else if (accepted.expired(run.now())) {
            RolloutState state = RolloutStates.of(run.view());
            end(
                    run,
                    EventMessage.of(
                            EventReason.SWITCHOVER_FAILED,
                            "%s did not become primary within 60 s; last state: %s%s"
                                    .formatted(
                                            accepted.member(),
                                            Planner.next(state).text(),
                                            causes(run.observed()))));
        }
    }

    /** What the servers of broken replicas say, such as that no connection is free; empty where they say nothing. */
    static String causes(ObservedCluster observed) {
        return observed.members().stream().map(SwitchoverStep::cause).collect(Collectors.joining());
    }

    private static String cause(Member member) {
        BrokenSince since = member.brokenSince();
        return since == null || since.cause() == null
                ? ""
                : "; the server of %s: %s".formatted(member.name(), since.cause());
    }

    /** A request that has changed in the meantime stays for the next reconciliation. */
    private void end(ClusterRun run, EventMessage message) {
        if (clear(run)) {
            events.logAndRecord(run.cluster(), message, run.now());
        }
    }

    private boolean clear(ClusterRun run) {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put(Annotations.SWITCHOVER, null);
        changes.put(Annotations.SWITCHOVER_ACCEPTED, null);
        return notes.change(run.cluster(), changes);
    }
}
