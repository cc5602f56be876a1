package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.RequestedResources;
import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.Planner;
import com.smoketurner.postgres.cluster.plan.PodTemplateDiff;
import com.smoketurner.postgres.cluster.plan.RequiredUpdate;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.PatroniRequests;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.ChangeRefused;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the planner's next step, whatever the change is. The StatefulSet takes none (it is OnDelete): it would take the
 * primary by its ordinal. The number of members is the {@link StatefulSetStep}'s.
 */
@Singleton
public final class RolloutStep implements Step {

    /** What has been decided is not decided again, and nothing else beside it. */
    private static final Action HELD =
            new Action.Wait("waiting for transactions of the poolers to end before a switchover");

    private final MemberPods pods;
    private final PatroniRequests requests;
    private final EventRecorder events;
    private final ImageRollouts images;

    RolloutStep(MemberPods pods, PatroniRequests requests, EventRecorder events, ImageRollouts images) {
        this.pods = pods;
        this.requests = requests;
        this.events = events;
        this.images = images;
    }

    @Override
    public Part part() {
        return Part.ROLLOUT;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.observed().statefulSet().isEmpty() || run.view().going()) {
            return Outcome.DONE; // A pod that is taken away now would be missing until the StatefulSet is recreated.
        }
        RolloutState state = RolloutStates.of(run.view());
        Optional<String> others = images.before(run.view(), RolloutStates.diff(run.view()));
        if (others.isPresent() && state.applied() == state.desired()) {
            return new Outcome.Queued(Reason.ROLLING_RESTART, "image rollout queued behind " + others.get());
        }
        Action action = requests.underway(run) ? HELD : Planner.next(state);
        Optional<String> refused = resize(run, action);
        if (refused.isPresent()) {
            // Other changes do not wait for a quota.
            state = RolloutStates.of(run.view(), RolloutStates.diff(run.view()).withoutResizes());
            action = Planner.next(state);
        }
        take(run, action);
        if (state.unfinished()) {
            String text = "%s; remaining: %s".formatted(action.text(), state.leftToDo());
            return new Outcome.Working(
                    reason(state), refused.map(why -> text + "; " + why).orElse(text));
        }
        // A switchover beside all changes is asked for again until it has happened.
        Outcome outcome = action.equals(Action.DONE) ? Outcome.DONE : Outcome.UNDECIDED;
        return refused.<Outcome>map(why -> new Outcome.Unsupported(Reason.RESIZE_REFUSED, why))
                .orElse(outcome);
    }

    /** Resizes members where the action says so; the reason if the API server rejects it. */
    private Optional<String> resize(ClusterRun run, Action action) {
        List<String> names = switch (action) {
            case Action.Resize(var members) -> members;
            case Action.RestartContainer(String member) -> List.of(member);
            case Action.Done _,
                    Action.Wait _,
                    Action.Scale _,
                    Action.Recreate _,
                    Action.RestartServer _,
                    Action.Switchover _ -> List.of();
        };
        Optional<String> refused = Optional.empty();
        for (String name : names) {
            Optional<String> refusal = resize(run, name);
            refused = refused.or(() -> refusal);
        }
        return refused;
    }

    private void take(ClusterRun run, Action action) {
        switch (action) {
            case Action.Done() -> {}
            case Action.Wait(String text) -> Log.debugf("%s: %s", run.names().cluster(), text);
            case Action.Scale scale -> Log.info(scale.text());
            case Action.Resize _ -> {} // has been done
            case Action.RestartContainer _ -> tell(run, action);
            case Action.Recreate(String name) -> {
                if (pods.recreate(
                        run.namespace(), name, run.observed().member(name).uid())) {
                    tell(run, action);
                }
            }
            case Action.RestartServer(String name) -> {
                if (requests.restart(run, run.observed().member(name))) {
                    tell(run, action);
                }
            }
            case Action.Switchover switchover -> {
                if (requests.switchover(run, run.observed().member(switchover.leader()), switchover.candidate())) {
                    events.logAndRecord(
                            run.cluster(),
                            EventMessage.of(EventReason.SWITCHOVER_STARTED, switchover.text()),
                            run.now());
                }
            }
        }
    }

    private Optional<String> resize(ClusterRun run, String name) {
        PodTemplateDiff diff = RolloutStates.diff(run.view());
        Member member = run.observed().member(name);
        try {
            Pod pod = pods.resize(run.applier(), run.namespace(), name, Member.CONTAINER, diff.resizeOf(member));
            // What admission has changed is not requested again.
            var requested = RequestedResources.since(pod.getMetadata().getGeneration(), diff.resources());
            pods.mark(
                    run.applier(),
                    run.namespace(),
                    name,
                    Map.of(),
                    Map.of(Annotations.REQUESTED_RESOURCES, requested.text()));
            return Optional.empty();
        } catch (ChangeRefused e) {
            return Optional.of(
                    "pod %s keeps its resources: the API server rejected the resize: %s".formatted(name, e.words()));
        }
    }

    private void tell(ClusterRun run, Action action) {
        events.logAndRecord(run.cluster(), EventMessage.of(EventReason.RESTARTED_MEMBER, action.text()), run.now());
    }

    /** The reason of the condition Progressing: the most disruptive remaining update. */
    private static Reason reason(RolloutState state) {
        if (state.applied() != state.desired()) {
            return Reason.SCALING;
        }
        RequiredUpdate most = state.most();
        return switch (most) {
            case RECREATE -> Reason.ROLLING_RESTART;
            case RESTART_SERVER -> Reason.APPLYING_PARAMETERS;
            case RESTART_CONTAINER, RESIZE, NONE -> Reason.RESIZING; // nothing left to request: a node is applying it
        };
    }
}
