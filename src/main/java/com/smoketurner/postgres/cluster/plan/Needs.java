package com.smoketurner.postgres.cluster.plan;

import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Resize;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a member needs to be as the pod template says.
 *
 * @param template the template as the spec asks for it
 * @param inPlace whether nodes can change the resources of a running pod
 */
public record Needs(PodTemplateSpec template, boolean inPlace) {

    private static final String RESTARTS = "RestartContainer";

    public Need of(Member member) {
        if (!Objects.equals(member.templateHash(), hash()) || member.resize().state() == ResizeState.INFEASIBLE) {
            return Need.RECREATE;
        }
        Need resources = resources(member.resources());
        return resources == Need.NONE && member.pendingRestart() ? Need.RESTART_SERVER : resources;
    }

    @Nullable
    String hash() {
        return template.getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH);
    }

    /** What it takes to get from these resources to the template's. */
    Need resources(@Nullable ResourceRequirements present) {
        Map<String, String> has = Resize.amounts(present);
        Map<String, String> wanted = Resize.amounts(resources());
        if (has.equals(wanted)) {
            return Need.NONE;
        }
        // A limit or request that comes or goes changes the pod's class of service, which is fixed at its creation.
        if (!inPlace || !has.keySet().equals(wanted.keySet()) || guaranteed(has) != guaranteed(wanted)) {
            return Need.RECREATE;
        }
        return changed(has, wanted).stream().anyMatch(this::restartsFor) ? Need.RESTART_CONTAINER : Need.RESIZE;
    }

    private static boolean guaranteed(Map<String, String> amounts) {
        return Stream.of("cpu", "memory").allMatch(name -> {
            String limit = amounts.get("limits." + name);
            return limit != null && limit.equals(amounts.getOrDefault("requests." + name, limit));
        });
    }

    private static Set<String> changed(Map<String, String> has, Map<String, String> wanted) {
        Set<String> names = new TreeSet<>();
        wanted.forEach((key, amount) -> {
            if (!amount.equals(has.get(key))) {
                names.add(key.substring(key.indexOf('.') + 1));
            }
        });
        return names;
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
