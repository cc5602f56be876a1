package com.smoketurner.postgres.naming;

/** The part of a cluster an object belongs to: the values of {@code app.kubernetes.io/component}. */
public enum Component {
    POSTGRESQL("postgresql"),
    PGBOUNCER("pgbouncer"),
    TLS("tls"),
    PGBOUNCER_TLS("pgbouncer-tls"),
    METRICS("metrics"),
    SCALING("scaling"),
    BACKUP("backup"),
    VERIFICATION("verification");

    private final String value;

    Component(String value) {
        this.value = value;
    }

    /** The label's value. */
    public String value() {
        return value;
    }
}
