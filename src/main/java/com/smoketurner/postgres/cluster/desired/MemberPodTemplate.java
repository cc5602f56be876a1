package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.List;
import java.util.TreeMap;

/** The pod of a member. */
public final class MemberPodTemplate {
    /** Time for a switchover, a checkpoint and PostgreSQL's fast shutdown. */
    private static final long TERMINATION_GRACE_SECONDS = 300;

    private MemberPodTemplate() {}

    public static PodTemplateSpec of(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        var template = needingNewPods(cluster, settings, inputs);
        var hash = ContentHash.of(template);
        var spec = template.getSpec();
        // Behind the hash, as all that follows: a new release of the operator gives no pod a reason to be recreated.
        PostgresContainer.endHungPatroni(spec.getContainers().getFirst());
        if (!settings.inPlaceResize()) {
            // Nor does a Kubernetes that learns to resize.
            spec.getContainers().getFirst().setResizePolicy(List.of());
        }
        var resources = PostgresContainer.resourcesOf(cluster.getSpec().resourcesOrDefault());
        spec.getContainers().getFirst().setResources(resources);
        return new PodTemplateSpecBuilder(template)
                .editMetadata()
                .withLabels(Labels.member(cluster))
                .addToAnnotations(Annotations.POD_TEMPLATE_HASH, hash)
                .addToAnnotations(Annotations.USER_LABELS, Labels.userKeys(cluster))
                .addToAnnotations(
                        Annotations.REQUESTED_RESOURCES,
                        RequestedResources.atCreation(resources).text())
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    /** All but resources and the user's labels, which change on running pods. */
    private static PodTemplateSpec needingNewPods(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        var annotations = new TreeMap<String, String>();
        annotations.put(Annotations.DEFAULT_CONTAINER, PostgresContainer.NAME);
        if (cluster.getSpec().metricsEnabled()) {
            annotations.put("prometheus.io/scrape", "true");
            annotations.put(
                    "prometheus.io/port",
                    Integer.toString(cluster.getSpec().metricsOrDefault().portOrDefault()));
        }
        var restartedAt = inputs.restartedAt();
        if (restartedAt != null) {
            annotations.put(Annotations.RESTARTED_AT, restartedAt);
        }
        var restart = inputs.restart();
        if (restart != null) {
            annotations.put(Annotations.RESTART, restart);
        }
        var placement = cluster.getSpec().placementOrDefault();
        var spec = new PodSpecBuilder()
                .withServiceAccountName(Names.of(cluster).patroniAccess())
                // A Service called patroni-… would otherwise set PATRONI_* variables, which Patroni reads.
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(TERMINATION_GRACE_SECONDS)
                .withSecurityContext(security(settings))
                .withImagePullSecrets(cluster.getSpec().imagePullSecrets())
                .withAffinity(MemberAffinity.of(cluster))
                .withNodeSelector(placement.nodeSelector())
                .withTolerations(placement.tolerations())
                .withTopologySpreadConstraints(placement.topologySpreadConstraints())
                .withContainers(containers(cluster, settings, inputs))
                .withVolumes(MemberVolumes.of(cluster))
                .build();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.standardMember(cluster))
                .withAnnotations(annotations)
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    /** The server's container is the first. */
    private static List<Container> containers(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        var server = PostgresContainer.of(cluster, settings, inputs);
        return cluster.getSpec().metricsEnabled()
                ? List.of(server, ExporterContainer.of(cluster, settings))
                : List.of(server);
    }

    static PodSecurityContext security(Settings settings) {
        return new PodSecurityContextBuilder(restricted(settings))
                // Always changing would open the data directory to the group, and PostgreSQL refuses that.
                .withFsGroupChangePolicy("OnRootMismatch")
                .build();
    }

    /** As Pod Security {@code restricted} demands it of every pod. */
    public static PodSecurityContext restricted(Settings settings) {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(settings.imageUid())
                .withRunAsGroup(settings.imageGid())
                .withFsGroup(settings.imageGid())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
