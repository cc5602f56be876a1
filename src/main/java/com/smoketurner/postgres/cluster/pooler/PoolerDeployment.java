package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.PgBouncerSpec;
import com.smoketurner.postgres.api.PoolMode;
import com.smoketurner.postgres.cluster.desired.CaBundle;
import com.smoketurner.postgres.cluster.desired.MemberAffinity;
import com.smoketurner.postgres.cluster.desired.MemberPodTemplate;
import com.smoketurner.postgres.cluster.desired.MemberVolumes;
import com.smoketurner.postgres.cluster.desired.PoolerSecret;
import com.smoketurner.postgres.cluster.desired.Ports;
import com.smoketurner.postgres.cluster.desired.PostgresContainer;
import com.smoketurner.postgres.cluster.desired.Scripts;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code <c>-pooler}: the pods of a pooler. */
final class PoolerDeployment {
    static final String CONTAINER = "pgbouncer";

    private static final String CONFIG = "config";
    private static final String SCRIPTS = "scripts";
    private static final String AUTH = "auth";
    private static final String RUN = "run";
    private static final String TLS = "tls";
    private static final String SERVER_CA = "server-ca";

    /** Sessions of a pool of transactions are idle within that time, mostly. */
    private static final long TRANSACTION_GRACE_SECONDS = 60;

    private static final long SESSION_GRACE_SECONDS = 300;

    /** Until no Service sends another client. */
    private static final int LEAVE_SECONDS = 5;

    /** For what is left after the clients had their time. */
    private static final int END_SECONDS = 10;

    private PoolerDeployment() {}

    static Deployment of(Pooler pooler, Settings settings) {
        PgBouncerSpec spec = pooler.cluster().getSpec().pgbouncerOrDefault();
        return new DeploymentBuilder()
                .withMetadata(pooler.metadata(pooler.name()))
                .withNewSpec()
                .withReplicas(spec.replicasOrDefault())
                .withNewSelector()
                .withMatchLabels(pooler.selector())
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString(1))
                .endRollingUpdate()
                .endStrategy()
                .withRevisionHistoryLimit(2)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(pooler.podLabels())
                .endMetadata()
                .withSpec(pod(pooler, spec, settings))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(Pooler pooler, PgBouncerSpec spec, Settings settings) {
        long grace = spec.poolModeOrDefault() == PoolMode.SESSION ? SESSION_GRACE_SECONDS : TRANSACTION_GRACE_SECONDS;
        var placement = pooler.cluster().getSpec().placementOrDefault();
        return new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(grace)
                .withSecurityContext(MemberPodTemplate.restricted(settings))
                .withImagePullSecrets(pooler.cluster().getSpec().imagePullSecrets())
                .withNodeSelector(placement.nodeSelector())
                .withTolerations(placement.tolerations())
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addToPreferredDuringSchedulingIgnoredDuringExecution(MemberAffinity.onOtherNodes(pooler.selector()))
                .endPodAntiAffinity()
                .endAffinity()
                .withContainers(container(pooler, spec, settings, grace))
                .withVolumes(volumes(pooler))
                .build();
    }

    private static Container container(Pooler pooler, PgBouncerSpec spec, Settings settings, long grace) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(spec.image() != null ? spec.image() : settings.poolerImage())
                .withCommand(Scripts.path(PoolerConfig.RUN))
                .withEnv(new EnvVar("DRAIN_SECONDS", Long.toString(grace - LEAVE_SECONDS - END_SECONDS), null))
                .addNewPort()
                .withName(Ports.POOLER_NAME)
                .withContainerPort(Ports.POOLER)
                .withProtocol("TCP")
                .endPort()
                .withResources(PostgresContainer.resourcesOf(spec.resourcesOrDefault()))
                .withReadinessProbe(probe(2, 3))
                .withLivenessProbe(probe(10, 6))
                .withNewLifecycle()
                .withNewPreStop()
                .withNewExec()
                .withCommand(Scripts.path(PoolerConfig.CONTROL), "stop", Integer.toString(LEAVE_SECONDS))
                .endExec()
                .endPreStop()
                .endLifecycle()
                .withSecurityContext(PostgresContainer.security())
                .withVolumeMounts(mounts(pooler))
                .build();
    }

    private static Probe probe(int period, int failures) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withNewPort(Ports.POOLER)
                .endTcpSocket()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private static List<Volume> volumes(Pooler pooler) {
        var names = Names.of(pooler.cluster());
        var volumes = new ArrayList<Volume>();
        volumes.add(configMap(CONFIG, pooler, MemberVolumes.GROUP_READABLE, PoolerConfig.INI));
        volumes.add(configMap(SCRIPTS, pooler, MemberVolumes.EXECUTABLE, PoolerConfig.RUN, PoolerConfig.CONTROL));
        volumes.add(secret(AUTH, names.pooler(), PoolerSecret.USERLIST, PoolerSecret.SERVICE));
        volumes.add(MemberVolumes.emptyDir(RUN));
        if (pooler.cluster().getSpec().tlsEnabled()) {
            volumes.add(new VolumeBuilder()
                    .withName(TLS)
                    .withNewSecret()
                    .withSecretName(pooler.certificate())
                    .withDefaultMode(MemberVolumes.GROUP_READABLE)
                    .endSecret()
                    .build());
            volumes.add(new VolumeBuilder()
                    .withName(SERVER_CA)
                    .withNewConfigMap()
                    .withName(names.caBundle())
                    .withDefaultMode(MemberVolumes.GROUP_READABLE)
                    .withItems(MemberVolumes.item(CaBundle.KEY, CaBundle.KEY))
                    .withOptional(true)
                    .endConfigMap()
                    .build());
        }
        return volumes;
    }

    private static Volume configMap(String name, Pooler pooler, int mode, String... keys) {
        return new VolumeBuilder()
                .withName(name)
                .withNewConfigMap()
                .withName(pooler.configMap())
                .withDefaultMode(mode)
                .withItems(items(keys))
                .endConfigMap()
                .build();
    }

    /** Without the key, which an issuer may not give, the folder is empty. */
    private static Volume secret(String name, String secret, String... keys) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(MemberVolumes.GROUP_READABLE)
                .withItems(items(keys))
                .withOptional(true)
                .endSecret()
                .build();
    }

    private static List<KeyToPath> items(String... keys) {
        return Arrays.stream(keys).map(key -> MemberVolumes.item(key, key)).toList();
    }

    private static List<VolumeMount> mounts(Pooler pooler) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(MemberVolumes.readOnly(CONFIG, "/etc/pgbouncer"));
        mounts.add(MemberVolumes.readOnly(SCRIPTS, "/opt/postgres-operator/bin"));
        mounts.add(MemberVolumes.readOnly(AUTH, "/etc/pgbouncer-auth"));
        mounts.add(MemberVolumes.mount(RUN, "/run/pgbouncer"));
        if (pooler.cluster().getSpec().tlsEnabled()) {
            mounts.add(MemberVolumes.readOnly(TLS, "/tls"));
            mounts.add(MemberVolumes.readOnly(SERVER_CA, "/server-ca"));
        }
        return mounts;
    }
}
