package com.smoketurner.postgres.kube.cache;

import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the caches keep of an object. Two thirds of it are otherwise records of who owns which field and, with pods, a
 * specification that repeats the StatefulSet's: with hundreds of clusters more than the operator has memory.
 */
final class CachePruner {

    private static final Set<String> NOBODYS_CONDITIONS =
            Set.of("ContainersReady", "Initialized", "PodReadyToStartContainers");

    private CachePruner() {}

    /** Whether objects of a type change all the time, every few seconds by Patroni: they are kept as they are decoded. */
    static boolean busy(Class<?> type) {
        return type == Pod.class || type == Endpoints.class;
    }

    /**
     * Removes what nobody reads: other owners' fields, all owners' of what is never applied, of a pod all
     * but names, images, resources, its node and what {@code Member} reads of its status, and of Endpoints the addresses, since
     * Patroni's records are annotations. Where the client's model has an empty map for fields that it does not know, in each part
     * of an object, there is one for all.
     */
    static <R extends HasMetadata> R keep(R object) {
        var metadata = object.getMetadata();
        if (busy(object.getClass())) {
            metadata.setManagedFields(List.of());
            metadata.setAdditionalProperties(Map.of());
            metadata.getOwnerReferences().forEach(owner -> owner.setAdditionalProperties(Map.of()));
        } else {
            metadata.setManagedFields(metadata.getManagedFields().stream()
                    .filter(entry -> ApiGroup.FIELD_MANAGER.equals(entry.getManager()))
                    .toList());
        }
        if (object instanceof Endpoints endpoints) {
            endpoints.setSubsets(List.of());
            endpoints.setAdditionalProperties(Map.of());
        }
        if (object instanceof Pod pod && pod.getSpec() != null && pod.getStatus() != null) {
            pod.setAdditionalProperties(Map.of());
            pod.setSpec(keep(pod.getSpec()));
            pod.setStatus(keep(pod.getStatus()));
        }
        return object;
    }

    /**
     * Leaves nothing but the metadata of an object that has been put away. The client's informers tell of each object that they
     * list with the object itself, and at a start nobody listens before all are listed.
     */
    static void empty(HasMetadata object) {
        object.getMetadata().setManagedFields(List.of());
        switch (object) {
            case ConfigMap map -> map.setData(Map.of());
            case Secret secret -> secret.setData(Map.of());
            case Service service -> {
                service.setSpec(null);
                service.setStatus(null);
            }
            case PersistentVolumeClaim claim -> {
                claim.setSpec(null);
                claim.setStatus(null);
            }
            case StatefulSet set -> {
                set.setSpec(null);
                set.setStatus(null);
            }
            case Deployment deployment -> {
                deployment.setSpec(null);
                deployment.setStatus(null);
            }
            case Job job -> {
                job.setSpec(null);
                job.setStatus(null);
            }
            case Role role -> role.setRules(List.of());
            case GenericKubernetesResource other -> other.setAdditionalProperties(Map.of());
            default -> {} // small
        }
    }

    private static PodSpec keep(PodSpec whole) {
        var spec = new PodSpec();
        spec.setAdditionalProperties(Map.of());
        spec.setNodeName(whole.getNodeName());
        spec.setContainers(whole.getContainers().stream().map(CachePruner::keep).toList());
        return spec;
    }

    private static Container keep(Container whole) {
        var container = new Container();
        container.setAdditionalProperties(Map.of());
        container.setName(whole.getName());
        container.setImage(whole.getImage());
        container.setResources(keep(whole.getResources()));
        return container;
    }

    private static @Nullable ResourceRequirements keep(@Nullable ResourceRequirements resources) {
        if (resources != null) {
            resources.setAdditionalProperties(Map.of());
            Stream.of(resources.getLimits(), resources.getRequests())
                    .filter(Objects::nonNull)
                    .flatMap(amounts -> amounts.values().stream())
                    .forEach(amount -> amount.setAdditionalProperties(Map.of()));
        }
        return resources;
    }

    private static PodStatus keep(PodStatus whole) {
        var status = new PodStatus();
        status.setAdditionalProperties(Map.of());
        status.setObservedGeneration(whole.getObservedGeneration());
        status.setResize(whole.getResize());
        status.setStartTime(whole.getStartTime());
        status.setConditions(whole.getConditions().stream()
                .filter(condition -> !NOBODYS_CONDITIONS.contains(condition.getType()))
                .toList());
        status.getConditions().forEach(condition -> condition.setAdditionalProperties(Map.of()));
        status.setContainerStatuses(whole.getContainerStatuses());
        status.getContainerStatuses().forEach(CachePruner::strip);
        return status;
    }

    private static void strip(ContainerStatus status) {
        status.setAdditionalProperties(Map.of());
        keep(status.getResources());
        status.setLastState(null);
        ContainerState state = status.getState();
        if (state != null && state.getWaiting() == null && state.getTerminated() == null) {
            status.setState(null);
        }
    }
}
