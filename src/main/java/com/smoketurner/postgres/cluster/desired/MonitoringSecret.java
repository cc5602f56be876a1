package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import com.smoketurner.postgres.postgres.ConnectionUri;
import com.smoketurner.postgres.postgres.MonitoringRole;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.TreeMap;

/** {@code <c>-monitoring}: the role that reads statistics. */
public final class MonitoringSecret {
    /** Reads what {@code pg_monitor} may read, and nothing of the users. */
    public static final String ROLE = MonitoringRole.NAME;

    /** The feature, where the operator notes that the servers have the role. */
    public static final String FEATURE = "monitoring";

    public static final String USERNAME = "username";
    public static final String PASSWORD = "password";

    /** A URI, for whoever measures the connections. */
    public static final String CONNECTION_STRING = "connection-string";

    /** Where the role logs in. */
    public static final String DATABASE = "postgres";

    private MonitoringSecret() {}

    public static Secret of(PostgresCluster cluster, String password) {
        var data = new TreeMap<>(Map.of(USERNAME, ROLE, PASSWORD, password));
        if (cluster.getSpec().connectionScaling()) {
            data.put(CONNECTION_STRING, connectionString(cluster, password));
        }
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).monitoringSecret(), Component.METRICS))
                .withData(SecretData.encode(data))
                .build();
    }

    /** How connections of the role are encrypted: whoever measures has no certificate to compare with. */
    public static String sslMode(PostgresCluster cluster) {
        return cluster.getSpec().tlsEnabled() ? "require" : "disable";
    }

    private static String connectionString(PostgresCluster cluster, String password) {
        Names names = Names.of(cluster);
        String service = cluster.getSpec().minReplicas() > 1 ? names.replicaService() : names.primaryService();
        return ConnectionUri.of(ROLE, password, names.host(service), Ports.POSTGRESQL, DATABASE) + "?sslmode="
                + sslMode(cluster);
    }
}
