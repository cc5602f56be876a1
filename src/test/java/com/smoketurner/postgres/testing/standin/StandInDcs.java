package com.smoketurner.postgres.testing.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The records that the stand-in writes: Patroni's Endpoints and the kubelet's pod status. */
final class StandInDcs {
    /** A day: nobody renews the record here, and it shall not expire. */
    private static final String TTL = "86400";

    private StandInDcs() {}

    /** A member takes the leader key; the first one of a cluster also initialises the dynamic configuration. */
    static void leads(KubernetesClient client, String namespace, String cluster, String pod, String ip) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        JsonNode patroni = configuration(client, namespace, cluster);
        Endpoints leader = record(patroni, namespace, cluster, cluster)
                .editMetadata()
                .withAnnotations(Map.of(
                        "leader",
                        pod,
                        "acquireTime",
                        now,
                        "renewTime",
                        now,
                        "ttl",
                        TTL,
                        "transitions",
                        "0",
                        "optime",
                        "50331648"))
                .endMetadata()
                .addNewSubset()
                .addNewAddress()
                .withIp(ip)
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(pod)
                .endTargetRef()
                .endAddress()
                .addNewPort()
                .withName("postgresql")
                .withPort(5432)
                .withProtocol("TCP")
                .endPort()
                .endSubset()
                .build();
        client.resource(leader).fieldManager("stand-in").forceConflicts().serverSideApply();
        var config = client.endpoints().inNamespace(namespace).withName(cluster + "-config");
        if (config.get() == null) {
            client.resource(record(patroni, namespace, cluster, cluster + "-config")
                            .editMetadata()
                            .withAnnotations(Map.of("initialize", "7300000000000000001", "config", bootstrap(patroni)))
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    /** With the labels that Patroni's configuration asks for. */
    private static EndpointsBuilder record(JsonNode patroni, String namespace, String cluster, String name) {
        var labels = Json.map(patroni.at("/kubernetes/labels"));
        labels.put(patroni.at("/kubernetes/scope_label").asText(Project.GROUP + "/cluster"), cluster);
        return new EndpointsBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata();
    }

    /** Patroni's configuration as the operator rendered it. */
    private static JsonNode configuration(KubernetesClient client, String namespace, String cluster) {
        ConfigMap map = client.configMaps()
                .inNamespace(namespace)
                .withName(cluster + "-patroni-config")
                .get();
        String file = map == null ? null : map.getData().get("patroni.yml");
        return file == null ? MissingNode.getInstance() : Json.yaml(file);
    }

    /** What Patroni puts into the DCS at bootstrap: that part of its configuration file. */
    private static String bootstrap(JsonNode patroni) {
        JsonNode dcs = patroni.at("/bootstrap/dcs");
        return dcs.isMissingNode() ? "{}" : dcs.toString();
    }

    /** The status of a pod as the kubelet reports it for a running one. */
    static String podStatus(Pod pod, String ip, boolean ready) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        List<ContainerStatus> containers = pod.getSpec().getContainers().stream()
                .map(c -> new ContainerStatusBuilder()
                        .withName(c.getName())
                        .withImage(c.getImage())
                        .withImageID(c.getImage())
                        .withContainerID("containerd://stand-in")
                        .withReady(ready)
                        .withStarted(true)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewRunning(now)
                        .endState()
                        .withResources(c.getResources())
                        .build())
                .toList();
        var status = new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP(ip)
                .addNewPodIP(ip)
                .withStartTime(now)
                .withObservedGeneration(pod.getMetadata().getGeneration())
                .withContainerStatuses(containers)
                .withConditions(Stream.of("PodScheduled", "Initialized", "ContainersReady", "Ready")
                        .map(type -> new PodConditionBuilder()
                                .withType(type)
                                .withStatus(ready || !type.endsWith("Ready") ? "True" : "False")
                                .withLastTransitionTime(now)
                                .build())
                        .toList())
                .build();
        return Json.tree(Map.of("status", Json.tree(status))).toString();
    }
}
