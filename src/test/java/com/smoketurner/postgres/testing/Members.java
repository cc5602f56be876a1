package com.smoketurner.postgres.testing;

import com.smoketurner.postgres.cluster.run.Member;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members as they would be read from their pods, for tests of decisions. */
public record Members(
        int ordinal,
        boolean primary,
        boolean ready,
        String hash,
        @Nullable String pending,
        Map<String, String> user) {

    /** A member of the cluster {@code c} that runs and streams. */
    public static Members member(int ordinal, boolean primary, boolean ready) {
        return new Members(ordinal, primary, ready, "hash", null, Map.of());
    }

    public Members hash(String value) {
        return new Members(ordinal, primary, ready, value, pending, user);
    }

    /** Patroni's reason of a pending restart: a parameter with its value in force and the one to come. */
    public Members pending(String parameter, String from, String to) {
        String reason = "\"%s\":{\"old_value\":\"%s\",\"new_value\":\"%s\"}".formatted(parameter, from, to);
        return new Members(ordinal, primary, ready, hash, reason, user);
    }

    public Members userLabels(Map<String, String> labels) {
        return new Members(ordinal, primary, ready, hash, pending, labels);
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
                .withGeneration(1L)
                .withLabels(labels)
                .withAnnotations(Map.of(
                        "status",
                        status,
                        Project.GROUP + "/pod-template-hash",
                        hash,
                        Project.GROUP + "/user-labels",
                        String.join(",", user.keySet())))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .addNewContainerStatus()
                .withName("postgres")
                .withContainerID("container")
                .endContainerStatus()
                .endStatus()
                .build());
    }
}
