package com.smoketurner.postgres.cluster.plan;

import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.cluster.desired.RequestedResources;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a member needs to be as the pod template says. Only what the template has come to ask for since the pod was created, or
 * was last resized, is a need: what admission has made of the same request another pod would get again.
 *
 * @param template the template of the spec
 * @param inPlace whether nodes can change the resources of a running pod
 * @param revision the StatefulSet's revision that was made of this very template; absent while there is none
 * @param resizes false where the API server refuses other resources, so that all else is done without them
 */
public record PodTemplateDiff(
        PodTemplateSpec template, boolean inPlace, @Nullable String revision, boolean resizes) {

    private static final String RESTARTS = "RestartContainer";
    private static final String REQUESTS = "requests.";
    private static final String LIMITS = "limits.";

    public PodTemplateDiff(PodTemplateSpec template, boolean inPlace) {
        this(template, inPlace, null, true);
    }

    /** The same where no member can be resized now. */
    public PodTemplateDiff withoutResizes() {
        return new PodTemplateDiff(template, inPlace, revision, false);
    }

    public RequiredUpdate of(Member member) {
        if (outdated(member) || member.resize().state() == ResizeState.INFEASIBLE) {
            return RequiredUpdate.RECREATE;
        }
        RequiredUpdate resources = compare(RequestedResources.amounts(member.resources()), target(member));
        RequiredUpdate possible = resizes || resources == RequiredUpdate.RECREATE ? resources : RequiredUpdate.NONE;
        return possible == RequiredUpdate.NONE && member.pendingRestart() ? RequiredUpdate.RESTART_SERVER : possible;
    }

    /** Whether the pod was made of another template, by the annotation or, where somebody takes that away, by its revision. */
    public boolean outdated(Member member) {
        return !Objects.equals(member.templateHash(), hash()) && !createdFromThis(member);
    }

    private boolean createdFromThis(Member member) {
        return revision != null && revision.equals(member.labels().get(Labels.REVISION));
    }

    @Nullable
    public String hash() {
        return template.getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH);
    }

    /** What it takes to get from these resources to the template's. */
    public RequiredUpdate resources(@Nullable ResourceRequirements present) {
        return compare(RequestedResources.amounts(present), wanted());
    }

    private RequiredUpdate compare(Map<String, String> has, Map<String, String> wanted) {
        if (has.equals(wanted)) {
            return RequiredUpdate.NONE;
        }
        // A limit or request that comes or goes changes the pod's class of service, which is fixed at its creation.
        if (!inPlace || !has.keySet().equals(wanted.keySet()) || guaranteed(has) != guaranteed(wanted)) {
            return RequiredUpdate.RECREATE;
        }
        return changed(has, wanted).stream().map(PodTemplateDiff::resource).anyMatch(this::restartsFor)
                ? RequiredUpdate.RESTART_CONTAINER
                : RequiredUpdate.RESIZE;
    }

    private static boolean guaranteed(Map<String, String> amounts) {
        return Stream.of("cpu", "memory").allMatch(name -> {
            String limit = amounts.get(LIMITS + name);
            return limit != null && limit.equals(amounts.getOrDefault(REQUESTS + name, limit));
        });
    }

    /** Names of the amounts that differ, of those in both. */
    private static Set<String> changed(Map<String, String> has, Map<String, String> wanted) {
        Set<String> names = new TreeSet<>(wanted.keySet());
        names.removeIf(name -> Objects.equals(wanted.get(name), has.get(name)));
        return names;
    }

    private static String resource(String amount) {
        return amount.substring(amount.indexOf('.') + 1);
    }

    private SortedMap<String, String> wanted() {
        return RequestedResources.amounts(resources());
    }

    /** What was last requested, by the annotation or at the creation of the pod; empty where neither tells. */
    private Optional<RequestedResources> requested(Member member) {
        return Optional.ofNullable(member.requested())
                .or(() -> createdFromThis(member)
                        ? Optional.of(RequestedResources.atCreation(resources()))
                        : Optional.empty());
    }

    /** The amounts that the pod is to have: those it has, with what the spec requests now and did not before. */
    private SortedMap<String, String> target(Member member) {
        SortedMap<String, String> wanted = wanted();
        Optional<RequestedResources> requested = requested(member);
        if (requested.isEmpty()) {
            return wanted;
        }
        var target = new TreeMap<>(RequestedResources.amounts(member.resources()));
        if (member.generation() > requested.get().generation()) {
            // Somebody has changed the pod since: what he changed is set back, which he cannot have done to what is
            // missing.
            wanted.forEach(target::replace);
        }
        Map<String, String> asked = requested.get().amounts();
        var names = new TreeSet<>(asked.keySet());
        names.addAll(wanted.keySet());
        names.removeIf(name -> Objects.equals(asked.get(name), wanted.get(name)));
        names.forEach(name -> {
            String amount = wanted.get(name);
            if (amount == null) {
                target.remove(name);
            } else {
                target.put(name, amount);
            }
        });
        return target;
    }

    /** What a member that is to be resized is to have instead of what it has; what admission has set stays. */
    public ResourceRequirements resizeOf(Member member) {
        Set<String> names = changed(RequestedResources.amounts(member.resources()), target(member));
        ResourceRequirements wanted = Objects.requireNonNull(resources(), "a pod without resources is not resized");
        return new ResourceRequirementsBuilder()
                .withRequests(only(names, REQUESTS, wanted.getRequests()))
                .withLimits(only(names, LIMITS, wanted.getLimits()))
                .build();
    }

    private static Map<String, Quantity> only(
            Set<String> names, String kind, @Nullable Map<String, Quantity> quantities) {
        var chosen = new TreeMap<>(Objects.requireNonNullElse(quantities, Map.<String, Quantity>of()));
        chosen.keySet().removeIf(name -> !names.contains(kind + name));
        return chosen;
    }

    /** What admission has changed of the requested resources, such as {@code limits.cpu: (unset) -> 500m}. */
    public Optional<String> admitted(Member member) {
        if (of(member) != RequiredUpdate.NONE) {
            return Optional.empty();
        }
        SortedMap<String, String> wanted = wanted();
        SortedMap<String, String> has = RequestedResources.amounts(member.resources());
        var names = new TreeSet<>(wanted.keySet());
        names.addAll(has.keySet());
        names.removeIf(name -> Objects.equals(wanted.get(name), has.get(name)));
        return names.stream()
                .map(name ->
                        "%s: %s -> %s".formatted(name, quantity(resources(), name), quantity(member.resources(), name)))
                .reduce((a, b) -> a + ", " + b);
    }

    private static String quantity(@Nullable ResourceRequirements requirements, String name) {
        Map<String, Quantity> quantities = requirements == null
                ? null
                : name.startsWith(LIMITS) ? requirements.getLimits() : requirements.getRequests();
        Quantity quantity = quantities == null ? null : quantities.get(resource(name));
        return quantity == null ? "(unset)" : quantity.toString();
    }

    private boolean restartsFor(String resource) {
        return server().getResizePolicy().stream()
                .anyMatch(policy ->
                        resource.equals(policy.getResourceName()) && RESTARTS.equals(policy.getRestartPolicy()));
    }

    /** What the server's container is to have. */
    public @Nullable ResourceRequirements resources() {
        return server().getResources();
    }

    /** What the server's container is to run. */
    public String image() {
        return server().getImage();
    }

    private Container server() {
        return template.getSpec().getContainers().stream()
                .filter(container -> Member.CONTAINER.equals(container.getName()))
                .findFirst()
                .orElseThrow();
    }
}
