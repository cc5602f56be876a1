package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFileBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/** The volumes of a member, and where its container sees them. */
public final class MemberVolumes {
    static final String DATA = "data";

    static final String TMP = "tmp";
    static final String RUN = "run";
    private static final String VAR_LIB_TMP = "var-lib-tmp";
    static final String DSHM = "dshm";
    private static final String PODINFO = "podinfo";
    private static final String TLS = "tls-certs";
    private static final String PATRONI = "patroni";
    static final String SCRIPTS = "scripts";
    static final String BACKUP = "backup";
    private static final String RESTORE = "restore";
    static final String MONITORING = "monitoring";
    static final String NO_TOKEN = "no-token";

    /** Readable by the group, which is fsGroup: PostgreSQL accepts a key file of root with this mode. */
    public static final int GROUP_READABLE = 0640;

    public static final int EXECUTABLE = 0755;

    private MemberVolumes() {}

    /** All but the data volume, which comes from the claim template. */
    static List<Volume> of(PostgresCluster cluster) {
        var volumes = new ArrayList<Volume>();
        volumes.add(emptyDir(TMP));
        volumes.add(emptyDir(RUN));
        volumes.add(emptyDir(VAR_LIB_TMP));
        volumes.add(sharedMemory());
        volumes.add(new VolumeBuilder()
                .withName(PODINFO)
                .withNewDownwardAPI()
                .withDefaultMode(GROUP_READABLE)
                .withItems(podField("labels"), podField("annotations"))
                .endDownwardAPI()
                .build());
        volumes.add(patroni(cluster));
        volumes.add(scripts(cluster, Scripts.ofMembers()));
        volumes.add(settings(BACKUP, Names.of(cluster).backupSettings()));
        volumes.add(settings(RESTORE, Names.of(cluster).restoreSettings()));
        if (cluster.getSpec().metricsEnabled()) {
            volumes.add(emptyDir(NO_TOKEN));
            volumes.add(new VolumeBuilder()
                    .withName(MONITORING)
                    .withNewSecret()
                    .withSecretName(Names.of(cluster).monitoringSecret())
                    .withDefaultMode(GROUP_READABLE)
                    .withItems(item(MonitoringSecret.PASSWORD, MonitoringSecret.PASSWORD))
                    .endSecret()
                    .build());
        }
        if (cluster.getSpec().tlsEnabled()) {
            volumes.add(tls(cluster));
        }
        return volumes;
    }

    static List<VolumeMount> mountsOf(PostgresCluster cluster) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(mount(DATA, Paths.DATA_VOLUME));
        mounts.add(mount(TMP, "/tmp"));
        mounts.add(mount(RUN, Paths.SOCKETS));
        mounts.add(mount(VAR_LIB_TMP, "/var/lib/tmp"));
        mounts.add(mount(DSHM, "/dev/shm"));
        mounts.add(readOnly(PODINFO, Paths.PODINFO));
        mounts.add(readOnly(PATRONI, Paths.PATRONI));
        mounts.add(readOnly(SCRIPTS, Paths.SCRIPTS));
        mounts.add(readOnly(BACKUP, Paths.BACKUP));
        mounts.add(readOnly(RESTORE, Paths.RESTORE));
        if (cluster.getSpec().tlsEnabled()) {
            mounts.add(readOnly(TLS, Paths.TLS));
        }
        return mounts;
    }

    /**
     * The certificate, and whom to trust: not only who has signed it, because the others may still show one by the former authority.
     * Those who may read all data are known by the authority of the certificate alone.
     */
    private static Volume tls(PostgresCluster cluster) {
        var names = Names.of(cluster);
        return new VolumeBuilder()
                .withName(TLS)
                .withNewProjected()
                .withDefaultMode(GROUP_READABLE)
                .addNewSource()
                .withNewSecret()
                .withName(names.tls())
                .withItems(item("tls.crt", "tls.crt"), item("tls.key", "tls.key"))
                .endSecret()
                .endSource()
                .addNewSource()
                .withNewSecret()
                .withName(names.tls())
                .withItems(item(CaBundle.KEY, "issuer.crt"))
                .withOptional(true)
                .endSecret()
                .endSource()
                .addNewSource()
                .withNewConfigMap()
                .withName(names.caBundle())
                .withItems(item(CaBundle.KEY, "ca.crt"))
                .withOptional(true)
                .endConfigMap()
                .endSource()
                .endProjected()
                .build();
    }

    /** Patroni reads every file of that folder in the order of their names. */
    private static Volume patroni(PostgresCluster cluster) {
        var names = Names.of(cluster);
        return new VolumeBuilder()
                .withName(PATRONI)
                .withNewProjected()
                .withDefaultMode(GROUP_READABLE)
                .addNewSource()
                .withNewConfigMap()
                .withName(names.patroniConfigMap())
                .withItems(item(PatroniConfigMap.keyOf(cluster), "10-patroni.yml"))
                .endConfigMap()
                .endSource()
                .addNewSource()
                .withNewSecret()
                .withName(names.patroniSecret())
                .withItems(item(PatroniSecret.SECRETS_YML, "20-secrets.yml"))
                .endSecret()
                .endSource()
                .endProjected()
                .build();
    }

    /** The scripts of these names. */
    static Volume scripts(PostgresCluster cluster, List<String> names) {
        return new VolumeBuilder()
                .withName(SCRIPTS)
                .withNewConfigMap()
                .withName(Names.of(cluster).patroniConfigMap())
                .withDefaultMode(EXECUTABLE)
                .withItems(names.stream().map(name -> item(name, name)).toList())
                .endConfigMap()
                .build();
    }

    /** Optional and always there: backups that are configured later need no new pods, nor does the end of a restore. */
    static Volume settings(String name, String secret) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(GROUP_READABLE)
                .withOptional(true)
                .endSecret()
                .build();
    }

    public static KeyToPath item(String key, String path) {
        return new KeyToPath(key, null, path);
    }

    public static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    static Volume sharedMemory() {
        return new VolumeBuilder()
                .withName(DSHM)
                .withNewEmptyDir()
                .withMedium("Memory")
                .endEmptyDir()
                .build();
    }

    private static DownwardAPIVolumeFile podField(String field) {
        return new DownwardAPIVolumeFileBuilder()
                .withPath(field)
                .withNewFieldRef()
                // The API server's default, which it would add to a list that is compared as a whole.
                .withApiVersion("v1")
                .withFieldPath("metadata." + field)
                .endFieldRef()
                .build();
    }

    public static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }

    public static VolumeMount readOnly(String name, String path) {
        return new VolumeMountBuilder(mount(name, path)).withReadOnly(true).build();
    }
}
