package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pod of a restore test: the image and the scripts of the members on a volume of its own, without an identity at the API
 * server. No Service and no budget selects it.
 */
public final class VerificationPod {

    /** A volume that cannot be unmounted keeps the pod no longer than this. */
    private static final long TERMINATION_GRACE_SECONDS = 60;

    private VerificationPod() {}

    /**
     * The pod.
     *
     * @param request environment variables that say what is to be restored
     * @param size of the volume
     */
    public static PodTemplateSpec of(PostgresCluster cluster, Settings settings, List<EnvVar> request, Quantity size) {
        var placement = cluster.getSpec().placementOrDefault();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.of(cluster, Component.VERIFICATION))
                .endMetadata()
                .withSpec(new PodSpecBuilder()
                        // For object stores that know a pod by it; the API server is not told who it is.
                        .withServiceAccountName(Names.of(cluster).patroniAccess())
                        .withAutomountServiceAccountToken(false)
                        .withEnableServiceLinks(false)
                        .withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(TERMINATION_GRACE_SECONDS)
                        .withSecurityContext(MemberPodTemplate.security(settings))
                        .withImagePullSecrets(cluster.getSpec().imagePullSecrets())
                        .withNodeSelector(placement.nodeSelector())
                        .withTolerations(placement.tolerations())
                        .withContainers(container(cluster, settings, request))
                        .withVolumes(volumes(cluster, size))
                        .build())
                .build();
    }

    private static Container container(PostgresCluster cluster, Settings settings, List<EnvVar> request) {
        var own = Stream.of(
                PostgresContainer.value("PGROOT", Paths.PGROOT),
                PostgresContainer.value("PGDATA", Paths.PGDATA),
                PostgresContainer.value("PGUSER", CredentialsSecret.SUPERUSER),
                PostgresContainer.value("RESTORE_SETTINGS", Paths.BACKUP),
                PostgresContainer.path(Paths.binaries(cluster.runningMajor())));
        return new ContainerBuilder()
                .withName(Scripts.VERIFY)
                .withImage(PostgresContainer.image(cluster, settings))
                .withCommand(Scripts.path(Scripts.VERIFY))
                .withEnv(Stream.concat(own, request.stream()).toList())
                .withResources(new ResourceRequirementsBuilder()
                        .withRequests(amounts("250m", "512Mi"))
                        .withLimits(amounts("1", "512Mi"))
                        .build())
                .withSecurityContext(PostgresContainer.security())
                .withVolumeMounts(
                        MemberVolumes.mount(MemberVolumes.DATA, Paths.DATA_VOLUME),
                        MemberVolumes.mount(MemberVolumes.TMP, "/tmp"),
                        MemberVolumes.mount(MemberVolumes.RUN, Paths.SOCKETS),
                        MemberVolumes.mount(MemberVolumes.DSHM, "/dev/shm"),
                        MemberVolumes.readOnly(MemberVolumes.SCRIPTS, Paths.SCRIPTS),
                        MemberVolumes.readOnly(MemberVolumes.BACKUP, Paths.BACKUP))
                .build();
    }

    private static Map<String, Quantity> amounts(String cpu, String memory) {
        return new TreeMap<>(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)));
    }

    private static List<Volume> volumes(PostgresCluster cluster, Quantity size) {
        return List.of(
                new VolumeBuilder()
                        .withName(MemberVolumes.DATA)
                        .withNewEphemeral()
                        .withNewVolumeClaimTemplate()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName(cluster.getSpec().storage().storageClass())
                        .withNewResources()
                        .withRequests(Map.of("storage", size))
                        .endResources()
                        .endSpec()
                        .endVolumeClaimTemplate()
                        .endEphemeral()
                        .build(),
                MemberVolumes.emptyDir(MemberVolumes.TMP),
                MemberVolumes.emptyDir(MemberVolumes.RUN),
                MemberVolumes.sharedMemory(),
                MemberVolumes.scripts(cluster, List.copyOf(Scripts.all().keySet())),
                MemberVolumes.settings(MemberVolumes.BACKUP, Names.of(cluster).backupSettings()));
    }
}
