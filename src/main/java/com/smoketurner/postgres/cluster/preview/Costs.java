package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.Need;
import com.smoketurner.postgres.cluster.plan.Needs;
import com.smoketurner.postgres.cluster.plan.Peer;
import com.smoketurner.postgres.cluster.plan.Situation;
import com.smoketurner.postgres.cluster.plan.Situations;
import com.smoketurner.postgres.cluster.plan.Switchovers;
import com.smoketurner.postgres.cluster.preview.Preview.Line;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.naming.Annotations;
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
 * What a changed spec costs, before it is applied: each changed field by itself, and the steps that the planner takes for
 * all of them together. Pod templates are compared with each other and never with what runs, so the images and defaults of
 * the operator that runs need not be known.
 */
public final class Costs {

    private final ClusterView live;
    private final ClusterView next;
    private final List<ParameterChange> parameters;
    private final Map<String, ParameterChange.Answer> answers;
    private final Optional<String> unstartable;
    private final Function<PostgresCluster, Optional<Rejected>> validation;

    /** The template as the present spec asks for it. */
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
    public Costs(
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
        Situation situation = situation();
        Simulation simulation = Simulation.of(situation, afterResize());
        List<Action> steps = simulation.steps();
        List<String> order = order(situation, simulation.turns());
        List<Line> lines = Stream.concat(
                        annotations(situation, order).stream(),
                        Difference.between(live.spec(), next.spec()).stream()
                                .map(difference -> line(difference, situation, order)))
                .toList();
        String refusal = refusal(lines);
        Situation before = Situations.of(live, needs(present));
        boolean nothing = refusal != null;
        return new Preview(
                lines,
                refusal,
                before.unfinished() ? before.leftToDo() : null,
                nothing ? List.of() : steps.stream().map(Action::text).toList(),
                Effort.of(situation, live.names().cluster(), nothing ? List.of() : steps),
                null);
    }

    private @Nullable String refusal(List<Line> lines) {
        return validation
                .apply(next.cluster())
                .map(Costs::text)
                .or(() -> lines.stream()
                        .filter(line -> line.cost() == Cost.NOT_POSSIBLE)
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

    private Situation situation() {
        Situation plain = Situations.of(next, needs(template(live, next.cluster())));
        String wish = annotation(next.cluster(), Annotations.SWITCHOVER);
        String wanted =
                wish != null && Switchovers.judge(plain, wish) instanceof Switchovers.Verdict.Accepted(String member)
                        ? member
                        : plain.wanted();
        // While members with TLS and without are side by side they cannot ask each other.
        boolean divided =
                plain.divided() || live.spec().tlsEnabled() != next.spec().tlsEnabled();
        boolean restart = restarts();
        boolean lowered = parameters.stream()
                .filter(change -> answer(change).restarts())
                .anyMatch(change -> Situations.isLowered(
                        change.name(), answer(change).present(), answer(change).wanted()));
        return new Situation(
                plain.peers().stream()
                        .map(peer -> restart ? restarting(peer, lowered) : peer)
                        .toList(),
                plain.applied(),
                plain.desired(),
                plain.handover(),
                wanted,
                divided,
                plain.maximumLag());
    }

    private static Peer restarting(Peer peer, boolean lowered) {
        return peer.needing(peer.need() == Need.NONE ? Need.RESTART_SERVER : peer.need(), peer.goesFirst() || lowered);
    }

    /** Members that get other resources while they run and have to restart for parameters as well. */
    private Map<String, Need> afterResize() {
        Map<String, Need> after = new HashMap<>();
        boolean restart = restarts();
        live.observed().members().forEach(member -> {
            if (restart || member.pendingRestart()) {
                after.put(member.name(), Need.RESTART_SERVER);
            }
        });
        return after;
    }

    /** The template with the hash that members carry who need no new pod for it. */
    private Needs needs(PodTemplateSpec template) {
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
        return new Needs(judged, live.settings().inPlaceResize());
    }

    private static PodTemplateSpec template(ClusterView live, PostgresCluster cluster) {
        return new ClusterView(cluster, live.observed(), live.settings(), live.timeouts(), live.now()).podTemplate();
    }

    private static @Nullable String hash(PodTemplateSpec template) {
        Map<String, String> annotations = template.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.POD_TEMPLATE_HASH);
    }

    /** What a pod that runs as the present spec says needs to be as the other says. */
    private Need need(PostgresCluster cluster) {
        PodTemplateSpec template = template(live, cluster);
        return Objects.equals(hash(template), hash(present))
                ? needs(template).resources(needs(present).resources())
                : Need.RECREATE;
    }

    private Line line(Difference difference, Situation situation, List<String> order) {
        PostgresCluster only = difference.in(live.cluster());
        Optional<Rejected> rejected = validation.apply(only);
        // Alone it may be refused where another changed field goes with it.
        if (rejected.isPresent() && spoils) {
            return line(difference, Cost.NOT_POSSIBLE, text(rejected.get()));
        }
        if (difference.section().equals("postgresqlParams")) {
            return parameter(difference, order);
        }
        if (difference.isOf("replicas")) {
            return replicas(difference, situation);
        }
        if (difference.isOf("storage", "size")) {
            return line(difference, Cost.STORAGE, "volumes grow while they are in use");
        }
        Need need = need(only);
        if (need != Need.NONE) {
            return line(difference, Cost.of(need), String.join(", ", order));
        }
        FieldRule rule = FieldRule.of(difference.section());
        return line(difference, rule.cost(), rule.text());
    }

    private static Line line(Difference difference, Cost cost, String text) {
        return new Line(difference.field(), difference.before(), difference.after(), cost, text);
    }

    private Line parameter(Difference difference, List<String> order) {
        String name = difference.path().getLast().toLowerCase(Locale.ROOT);
        Optional<ParameterChange> change = parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
        if (change.isEmpty()) {
            return line(difference, Cost.NOTHING, "the servers have that value already");
        }
        ParameterChange.Answer answer = answer(change.get());
        if (answer.refusal() != null) {
            return line(difference, Cost.NOT_POSSIBLE, "InvalidParameter: " + answer.refusal());
        }
        if (answer.restarts()) {
            return line(difference, Cost.RESTART_SERVER, String.join(", ", order));
        }
        return switch (answer.context()) {
            case "postmaster" -> line(difference, Cost.NOTHING, "the servers have that value already");
            case "backend", "superuser-backend" -> line(difference, Cost.RELOAD, "in force for new connections");
            default -> line(difference, Cost.RELOAD, "in force without a restart");
        };
    }

    private Line replicas(Difference difference, Situation situation) {
        String cluster = live.names().cluster();
        if (situation.desired() > situation.applied()) {
            return line(
                    difference,
                    Cost.JOIN,
                    String.join(", ", Effort.names(cluster, situation.applied(), situation.desired())));
        }
        List<String> going =
                Effort.names(cluster, situation.desired(), situation.applied()).reversed();
        String volumes = String.join(", ", going) + "; their volumes stay";
        return going.isEmpty()
                ? line(difference, Cost.NOTHING, "there are as many members already")
                : line(
                        difference,
                        Cost.LEAVE,
                        situation.primary().filter(situation::leaves).isPresent()
                                ? volumes + "; the primary among them hands over first"
                                : volumes);
    }

    /** The annotations that ask for something. */
    private List<Line> annotations(Situation situation, List<String> order) {
        List<Line> lines = new ArrayList<>();
        String restart = annotation(next.cluster(), Annotations.RESTART);
        String before = annotation(live.cluster(), Annotations.RESTART);
        if (restart != null && !restart.equals(before)) {
            lines.add(new Line(
                    "metadata.annotations." + Annotations.RESTART,
                    before,
                    restart,
                    Cost.RECREATE,
                    String.join(", ", order)));
        }
        String wanted = annotation(next.cluster(), Annotations.SWITCHOVER);
        if (wanted != null) {
            String refused = Switchovers.judge(situation, wanted) instanceof Switchovers.Verdict.Refused(String why)
                    ? "no switchover: " + why
                    : null;
            lines.add(new Line(
                    "metadata.annotations." + Annotations.SWITCHOVER,
                    null,
                    wanted,
                    refused == null ? Cost.SWITCHOVER : Cost.NOTHING,
                    refused == null ? "one switchover, then the annotation is removed" : refused));
        }
        return lines;
    }

    private static @Nullable String annotation(PostgresCluster cluster, String key) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    /** The members in the order in which their turn comes. */
    private static List<String> order(Situation situation, List<String> turns) {
        Comparator<Peer> turn = Comparator.comparing((Peer peer) -> turns.indexOf(peer.name()) < 0)
                .thenComparingInt(peer -> turns.indexOf(peer.name()));
        return situation.peers().stream().sorted(turn).map(Peer::name).toList();
    }
}
