package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import com.smoketurner.postgres.postgres.ConnectionUri;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.TreeMap;

/** {@code <c>-credentials}: all a client needs to connect. The two passwords are input, the rest follows from them. */
public final class CredentialsSecret {
    public static final String PASSWORD = "password";
    public static final String REPLICATION_PASSWORD = "replication-password";
    public static final String SUPERUSER = "postgres";
    public static final String REPLICATION_USER = "standby";
    public static final String DATABASE = "postgres";

    private CredentialsSecret() {}

    public static Secret of(PostgresCluster cluster, Passwords passwords) {
        return of(cluster, passwords, Map.of());
    }

    /**
     * The same where a user has written passwords.
     *
     * @param written encoded values of input keys, which stay as they are: all that follows from them has the passwords
     */
    public static Secret of(PostgresCluster cluster, Passwords passwords, Map<String, String> written) {
        Secret secret = of(cluster, Names.of(cluster).credentialsSecret(), passwords);
        secret.getData().putAll(written);
        return secret;
    }

    /** {@code <c>-connection}: the same where another controller owns the Secret with the passwords. */
    public static Secret connection(PostgresCluster cluster, Passwords passwords) {
        return of(cluster, Names.of(cluster).connectionSecret(), passwords);
    }

    private static Secret of(PostgresCluster cluster, String name, Passwords passwords) {
        var names = Names.of(cluster);
        var host = names.host(names.primaryService());
        var data = new TreeMap<String, String>();
        data.put("username", SUPERUSER);
        data.put(PASSWORD, passwords.superuser());
        data.put("replication-username", REPLICATION_USER);
        data.put(REPLICATION_PASSWORD, passwords.replication());
        data.put("host", host);
        data.put("port", Integer.toString(Ports.POSTGRESQL));
        data.put("database", DATABASE);
        data.put("uri", uri(cluster, host, passwords));
        // Names under which older set-ups and libpq look for them.
        data.put("POSTGRES_PASSWORD", passwords.superuser());
        data.put("PGPASSWORD", passwords.superuser());
        data.put("REPLICATION_PASSWORD", passwords.replication());
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, name, Component.POSTGRESQL))
                .withData(SecretData.encode(data))
                .build();
    }

    private static String uri(PostgresCluster cluster, String host, Passwords passwords) {
        var uri = ConnectionUri.of(SUPERUSER, passwords.superuser(), host, Ports.POSTGRESQL, DATABASE);
        return cluster.getSpec().tlsEnabled() ? uri + "?sslmode=require" : uri;
    }
}
