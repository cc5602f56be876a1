package com.smoketurner.postgres.testing.values;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members as they would be read from their pods, for tests of decisions. */
public record Members(
        int ordinal,
        boolean primary,
        boolean ready,
        String hash,
        @Nullable String pending,
        Map<String, String> user,
        @Nullable ResourceRequirements resources,
        @Nullable PodCondition condition,
        @Nullable String image,
        Map<String, String> annotations,
        @Nullable String trouble,
        long generation) {

    /** A member of the cluster {@code c} that runs and streams. */
    public static Members member(int ordinal, boolean primary, boolean ready) {
        return new Members(ordinal, primary, ready, "hash", null, Map.of(), null, null, null, Map.of(), null, 1);
    }

    public Members hash(String value) {
        return new Members(
                ordinal,
                primary,
                ready,
                value,
                pending,
                user,
                resources,
                condition,
                image,
                annotations,
                trouble,
                generation);
    }

    /** Patroni's reason of a pending restart: a parameter with its value in force and the one to come. */
    public Members pending(String parameter, String from, String to) {
        String reason = "\"%s\":{\"old_value\":\"%s\",\"new_value\":\"%s\"}".formatted(parameter, from, to);
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                reason,
                user,
                resources,
                condition,
                image,
                annotations,
                trouble,
                generation);
    }

    public Members userLabels(Map<String, String> labels) {
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                labels,
                resources,
                condition,
                image,
                annotations,
                trouble,
                generation);
    }

    /** What its container asks for and has been given. */
    public Members resources(ResourceRequirements amounts) {
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                user,
                amounts,
                condition,
                image,
                annotations,
                trouble,
                generation);
    }

    /** What its container runs. */
    public Members image(String reference) {
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                user,
                resources,
                condition,
                reference,
                annotations,
                trouble,
                generation);
    }

    /** A condition of its pod that is true. */
    public Members condition(String type, String reason) {
        var found = new PodConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .build();
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                user,
                resources,
                found,
                image,
                annotations,
                trouble,
                generation);
    }

    /** Further annotations of the pod. */
    public Members annotated(Map<String, String> values) {
        return new Members(
                ordinal, primary, ready, hash, pending, user, resources, condition, image, values, trouble, generation);
    }

    /** Its container does not run, for this reason. */
    public Members waiting(String reason) {
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                user,
                resources,
                condition,
                image,
                annotations,
                reason,
                generation);
    }

    /** How often its pod's spec has been changed, from 1 on. */
    public Members generation(long number) {
        return new Members(
                ordinal,
                primary,
                ready,
                hash,
                pending,
                user,
                resources,
                condition,
                image,
                annotations,
                trouble,
                number);
    }

    public Member build() {
        var labels = new HashMap<>(user);
        labels.put("spilo-role", primary ? "master" : "replica");
        String status = "{\"state\":\"running\",\"role\":\"%s\",\"timeline\":7%s%s}"
                .formatted(
                        primary ? "primary" : "replica",
                        primary ? "" : ",\"replication_state\":\"streaming\"",
                        pending == null
                                ? ""
                                : ",\"pending_restart\":true,\"pending_restart_reason\":{%s}".formatted(pending));
        return Member.of(new PodBuilder()
                .withNewMetadata()
                .withName("c-" + ordinal)
                .withUid("uid-" + ordinal)
                .withCreationTimestamp("2026-03-01T11:00:00Z")
                .withGeneration(generation)
                .withLabels(labels)
                .withAnnotations(Map.of(
                        "status",
                        status,
                        Project.GROUP + "/pod-template-hash",
                        hash,
                        Project.GROUP + "/user-labels",
                        String.join(",", user.keySet())))
                .addToAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("postgres")
                .withImage(image)
                .withResources(resources)
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(generation)
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .addAllToConditions(condition == null ? List.of() : List.of(condition))
                .addNewContainerStatus()
                .withName("postgres")
                .withContainerID("container")
                .withResources(resources)
                .withState(
                        trouble == null
                                ? null
                                : new ContainerStateBuilder()
                                        .withNewWaiting("message", trouble)
                                        .build())
                .endContainerStatus()
                .endStatus()
                .build());
    }
}
