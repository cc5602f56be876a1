package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.PodTemplateDiff;
import com.smoketurner.postgres.cluster.plan.RequiredUpdate;
import com.smoketurner.postgres.cluster.plan.RolloutMember;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.plan.Switchovers;
import com.smoketurner.postgres.cluster.preview.Preview.Line;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The impact of a changed spec before it is applied: of each changed field, and the steps that the planner takes for all of
 * them together. Pod templates are compared with each other and never with what runs, so the images and defaults of
 * the operator that runs need not be known.
 */
public final class ImpactAnalysis {

    private final ClusterView live;
    private final ClusterView next;
    private final List<ParameterChange> parameters;
    private final Map<String, ParameterChange.Answer> answers;
    private final Optional<String> unstartable;
    private final Function<PostgresCluster, Optional<Rejected>> validation;

    /** The template of the present spec. */
    private final PodTemplateSpec present;

    /** The change makes a spec that was good one that is not. */
    private final boolean spoils;

    /**
     * @param live the cluster as it is
     * @param next the same with the changed spec
     * @param parameters what changes in the servers' configuration
     * @param answers what the running server says of these parameters, by name
     * @param unstartable why no server would start with all parameters together
     * @param validation what the operator says of a spec
     */
    public ImpactAnalysis(
            ClusterView live,
            ClusterView next,
            List<ParameterChange> parameters,
            Map<String, ParameterChange.Answer> answers,
            Optional<String> unstartable,
            Function<PostgresCluster, Optional<Rejected>> validation) {
        this.live = live;
        this.next = next;
        this.parameters = List.copyOf(parameters);
        this.answers = Map.copyOf(answers);
        this.unstartable = unstartable;
        this.validation = validation;
        this.present = template(live, live.cluster());
        this.spoils = validation.apply(next.cluster()).isPresent()
                && validation.apply(live.cluster()).isEmpty();
    }

    public Preview preview() {
        RolloutState state = state();
        RolloutSimulation simulation = RolloutSimulation.of(state, afterResize());
        List<Action> steps = simulation.steps();
        List<String> order = order(state, simulation.turns());
        List<Line> lines = Stream.concat(
                        annotations(state, order).stream(),
                        SpecDiff.between(live.spec(), next.spec()).stream().map(diff -> line(diff, state, order)))
                .toList();
        String refusal = refusal(lines);
        RolloutState before = RolloutStates.of(live, diff(present));
        boolean nothing = refusal != null;
        return new Preview(
                lines,
                refusal,
                before.unfinished() ? before.leftToDo() : null,
                nothing ? List.of() : steps.stream().map(Action::text).toList(),
                ImpactSummary.of(state, live.names().cluster(), nothing ? List.of() : steps),
                null);
    }

    private @Nullable String refusal(List<Line> lines) {
        return validation
                .apply(next.cluster())
                .map(ImpactAnalysis::text)
                .or(() -> lines.stream()
                        .filter(line -> line.impact() == Impact.NOT_POSSIBLE)
                        .map(Line::text)
                        .findFirst())
                .or(() -> parameters.stream()
                        .map(change -> answer(change).refusal())
                        .filter(Objects::nonNull)
                        .findFirst())
                .or(() -> unstartable.map(message -> "InvalidParameter: " + message))
                .orElse(null);
    }

    private static String text(Rejected rejected) {
        return "%s: %s".formatted(rejected.reason().label(), rejected.message());
    }

    private ParameterChange.Answer answer(ParameterChange change) {
        // Names that the server does not know belong to extensions and take effect by a reload.
        return answers.getOrDefault(change.name(), new ParameterChange.Answer("user", null, null, null));
    }

    private boolean restarts() {
        return parameters.stream().anyMatch(change -> answer(change).restarts());
    }

    /** Room for more replicas is made at a start of the servers. */
    private boolean restartsForScaling() {
        return parameters.stream()
                .filter(change -> Parameters.OF_REPLICAS.contains(change.name()))
                .filter(change ->
                        next.spec().postgresqlParams().keySet().stream().noneMatch(change.name()::equalsIgnoreCase))
                .anyMatch(change -> answer(change).restarts());
    }

    private RolloutState state() {
        RolloutState plain = RolloutStates.of(next, diff(template(live, next.cluster())));
        String request = annotation(next.cluster(), Annotations.SWITCHOVER);
        String wanted = request != null
                        && Switchovers.judge(plain, request) instanceof Switchovers.Verdict.Accepted(String member)
                ? member
                : plain.wanted();
        // While members with TLS and without are side by side they cannot ask each other.
        boolean divided =
                plain.divided() || live.spec().tlsEnabled() != next.spec().tlsEnabled();
        boolean restart = restarts();
        boolean lowered = parameters.stream()
                .filter(change -> answer(change).restarts())
                .anyMatch(change -> RolloutStates.isLowered(
                        change.name(), answer(change).present(), answer(change).wanted()));
        return new RolloutState(
                plain.members().stream()
                        .map(member -> restart ? restarting(member, lowered) : member)
                        .toList(),
                plain.applied(),
                plain.desired(),
                plain.handover(),
                wanted,
                divided,
                plain.maximumLag(),
                plain.floor());
    }

    private static RolloutMember restarting(RolloutMember member, boolean lowered) {
        return member.withUpdate(
                member.update() == RequiredUpdate.NONE ? RequiredUpdate.RESTART_SERVER : member.update(),
                member.goesFirst() || lowered);
    }

    /** Members that get other resources while they run and have to restart for parameters as well. */
    private Map<String, RequiredUpdate> afterResize() {
        Map<String, RequiredUpdate> after = new HashMap<>();
        boolean restart = restarts();
        live.observed().members().forEach(member -> {
            if (restart || member.pendingRestart()) {
                after.put(member.name(), RequiredUpdate.RESTART_SERVER);
            }
        });
        return after;
    }

    /** The template with the hash that members carry who need no new pod for it. */
    private PodTemplateDiff diff(PodTemplateSpec template) {
        boolean same = Objects.equals(hash(template), hash(present));
        String running = live.observed()
                .statefulSet()
                .map(set -> hash(set.getSpec().getTemplate()))
                .orElse(null);
        PodTemplateSpec judged = same && running != null
                ? new PodTemplateSpecBuilder(template)
                        .editMetadata()
                        .addToAnnotations(Annotations.POD_TEMPLATE_HASH, running)
                        .endMetadata()
                        .build()
                : template;
        return new PodTemplateDiff(judged, live.settings().inPlaceResize());
    }

    private static PodTemplateSpec template(ClusterView live, PostgresCluster cluster) {
        return new ClusterView(cluster, live.observed(), live.settings(), live.timeouts(), live.now()).podTemplate();
    }

    private static @Nullable String hash(PodTemplateSpec template) {
        Map<String, String> annotations = template.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.POD_TEMPLATE_HASH);
    }

    /** What a pod that runs as the present spec says needs to be as the other says. */
    private RequiredUpdate update(PostgresCluster cluster) {
        PodTemplateSpec template = template(live, cluster);
        return Objects.equals(hash(template), hash(present))
                ? diff(template).resources(diff(present).resources())
                : RequiredUpdate.RECREATE;
    }

    private Line line(SpecDiff diff, RolloutState state, List<String> order) {
        PostgresCluster only = diff.in(live.cluster());
        Optional<Rejected> rejected = validation.apply(only);
        // Alone it may be refused where another changed field goes with it.
        if (rejected.isPresent() && spoils) {
            return line(diff, Impact.NOT_POSSIBLE, text(rejected.get()));
        }
        if (diff.section().equals("postgresqlParams")) {
            return parameter(diff, order);
        }
        if (diff.isOf("replicas")) {
            return replicas(diff, state);
        }
        if (diff.section().equals("scaling") && restartsForScaling()) {
            return line(diff, Impact.RESTART_SERVER, String.join(", ", order));
        }
        if (diff.section().equals("scaling") && live.autoscaled() && !next.autoscaled()) {
            return replicas(diff, state);
        }
        if (diff.isOf("storage", "size")) {
            return line(diff, Impact.STORAGE, "volumes are expanded while in use");
        }
        RequiredUpdate update = update(only);
        if (update != RequiredUpdate.NONE) {
            return line(diff, Impact.of(update), String.join(", ", order));
        }
        FieldImpact rule = diff.section().equals("backup")
                ? BackupImpact.of(String.join(".", diff.path()), live.spec(), next.spec())
                : FieldImpact.of(diff.section());
        return line(diff, rule.impact(), rule.text());
    }

    private static Line line(SpecDiff diff, Impact impact, String text) {
        return new Line(diff.field(), diff.before(), diff.after(), impact, text);
    }

    private Line parameter(SpecDiff diff, List<String> order) {
        String name = diff.path().getLast().toLowerCase(Locale.ROOT);
        Optional<ParameterChange> change = parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
        if (change.isEmpty()) {
            return line(diff, Impact.NOTHING, "the servers already have this value");
        }
        ParameterChange.Answer answer = answer(change.get());
        if (answer.refusal() != null) {
            return line(diff, Impact.NOT_POSSIBLE, "InvalidParameter: " + answer.refusal());
        }
        if (answer.restarts()) {
            return line(diff, Impact.RESTART_SERVER, String.join(", ", order));
        }
        return switch (answer.context()) {
            case "postmaster" -> line(diff, Impact.NOTHING, "the servers already have this value");
            case "backend", "superuser-backend" -> line(diff, Impact.RELOAD, "takes effect for new connections");
            default -> line(diff, Impact.RELOAD, "takes effect without a restart");
        };
    }

    private Line replicas(SpecDiff diff, RolloutState state) {
        if (next.autoscaled()) {
            return line(diff, Impact.NOTHING, "the autoscaler decides the number of members");
        }
        String cluster = live.names().cluster();
        if (state.desired() > state.applied()) {
            return line(
                    diff,
                    Impact.JOIN,
                    String.join(", ", ImpactSummary.names(cluster, state.applied(), state.desired())));
        }
        List<String> going =
                ImpactSummary.names(cluster, state.desired(), state.applied()).reversed();
        String volumes = String.join(", ", going) + "; their volumes are retained";
        return going.isEmpty()
                ? line(diff, Impact.NOTHING, "the number of members does not change")
                : line(
                        diff,
                        Impact.LEAVE,
                        state.primary().filter(state::leaves).isPresent()
                                ? volumes + "; after a switchover, because the primary is among them"
                                : volumes);
    }

    /** The annotations that request something. */
    private List<Line> annotations(RolloutState state, List<String> order) {
        List<Line> lines = new ArrayList<>();
        String restart = annotation(next.cluster(), Annotations.RESTART);
        String before = annotation(live.cluster(), Annotations.RESTART);
        if (restart != null && !restart.equals(before)) {
            lines.add(new Line(
                    "metadata.annotations." + Annotations.RESTART,
                    before,
                    restart,
                    Impact.RECREATE,
                    String.join(", ", order)));
        }
        String wanted = annotation(next.cluster(), Annotations.SWITCHOVER);
        if (wanted != null) {
            String refused = Switchovers.judge(state, wanted) instanceof Switchovers.Verdict.Refused(String why)
                    ? "no switchover: " + why
                    : null;
            lines.add(new Line(
                    "metadata.annotations." + Annotations.SWITCHOVER,
                    null,
                    wanted,
                    refused == null ? Impact.SWITCHOVER : Impact.NOTHING,
                    refused == null ? "one switchover, then the annotation is removed" : refused));
        }
        return lines;
    }

    private static @Nullable String annotation(PostgresCluster cluster, String key) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    /** The members in the order in which their turn comes. */
    private static List<String> order(RolloutState state, List<String> turns) {
        Comparator<RolloutMember> turn = Comparator.comparing(
                        (RolloutMember member) -> turns.indexOf(member.name()) < 0)
                .thenComparingInt(member -> turns.indexOf(member.name()));
        return state.members().stream().sorted(turn).map(RolloutMember::name).toList();
    }
}
