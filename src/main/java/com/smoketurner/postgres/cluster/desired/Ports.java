package com.smoketurner.postgres.cluster.desired;

/** Ports and their names. */
public final class Ports {
    public static final int POSTGRESQL = 5432;
    static final String POSTGRESQL_NAME = "postgresql";
    public static final int PATRONI = 8008;
    static final String PATRONI_NAME = "patroni";

    /** PgBouncer's. */
    public static final int POOLER = 6432;

    public static final String POOLER_NAME = "pgbouncer";

    /** Where members serve each other for base backups; the script {@code engine-pgbackrest} has it too. */
    public static final int BACKUP = 8432;

    /** Said explicitly: it is half of the key by which server-side apply tells ports apart. */
    public static final String TCP = "TCP";

    private Ports() {}
}
