package com.smoketurner.postgres.cluster.desired;

/** Where things are inside a member's container. */
final class Paths {
    static final String DATA_VOLUME = "/home/postgres/pgdata";
    static final String PGROOT = DATA_VOLUME + "/pgroot";

    /** Below the volume's root, so that all of it lies on the volume and lost+found is not in its way. */
    static final String PGDATA = PGROOT + "/data";

    static final String SCRIPTS = "/opt/postgres-operator/bin";
    static final String PATRONI = "/etc/patroni";
    static final String BACKUP = "/etc/backup";
    static final String RESTORE = "/etc/restore";
    static final String MONITORING = "/etc/monitoring";
    static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount";
    static final String PODINFO = "/etc/podinfo";
    static final String TLS = "/tls";
    static final String SOCKETS = "/run/postgresql";

    /** The programs of the version that the data is of: {@code run} makes this link, so the pod stays when the version changes. */
    static final String SERVER_PROGRAMS = SOCKETS + "/bin";

    private Paths() {}

    static String binaries(String major) {
        return "/usr/lib/postgresql/" + major + "/bin";
    }
}
