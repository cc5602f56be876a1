package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/** {@code <c>-pooler}: the role by which poolers look up the verifiers of their clients. */
public final class PoolerSecret {
    /** Executes one function, and nothing else. */
    public static final String ROLE = "pgbouncer_auth";

    /** The feature, where the operator notes that the servers have the role. */
    public static final String FEATURE = "pooler";

    public static final String PASSWORD = "password";

    /** PgBouncer's own file: it has to know this password, and no other. */
    public static final String USERLIST = "userlist.txt";

    /** The same for psql in the pods of poolers, which finds out whether a primary answers. */
    public static final String SERVICE = "pg_service.conf";

    private PoolerSecret() {}

    /** The Secret, with a password of letters and digits. */
    public static Secret of(PostgresCluster cluster, String password) {
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).pooler(), Component.PGBOUNCER))
                .withData(SecretData.encode(Map.of(
                        PASSWORD,
                        password,
                        USERLIST,
                        "\"%s\" \"%s\"\n".formatted(ROLE, password),
                        SERVICE,
                        "[primary]\nuser=%s\npassword=%s\ndbname=postgres\n".formatted(ROLE, password))))
                .build();
    }
}
