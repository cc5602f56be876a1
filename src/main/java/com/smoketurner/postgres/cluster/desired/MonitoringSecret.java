package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/** {@code <c>-monitoring}: the role that reads statistics. */
public final class MonitoringSecret {
    /** Reads what {@code pg_monitor} may read, and nothing of the users. */
    public static final String ROLE = "postgres_operator_monitor";

    /** The feature, where the operator notes that the servers have the role. */
    public static final String FEATURE = "monitoring";

    public static final String PASSWORD = "password";

    private MonitoringSecret() {}

    public static Secret of(PostgresCluster cluster, String password) {
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).monitoringSecret(), Component.METRICS))
                .withData(SecretData.encode(Map.of("username", ROLE, PASSWORD, password)))
                .build();
    }
}
