package com.smoketurner.postgres.cluster.desired;

/** Ports and their names. */
final class Ports {
    static final int POSTGRESQL = 5432;
    static final String POSTGRESQL_NAME = "postgresql";
    static final int PATRONI = 8008;
    static final String PATRONI_NAME = "patroni";

    /** Said explicitly: it is half of the key by which server-side apply tells ports apart. */
    static final String TCP = "TCP";

    private Ports() {}
}
