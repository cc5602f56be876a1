package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.TreeMap;

/** {@code <c>-internal}: passwords nobody but the operator uses, and what it must remember. */
public final class InternalSecret {
    public static final String REST_USERNAME = "rest-username";
    public static final String REST_PASSWORD = "rest-password";

    /** How often the passwords of the servers have been set. */
    public static final String PASSWORDS_REVISION = "applied-passwords-revision";

    /** When a change of theirs was last set; absent before the first. */
    public static final String PASSWORDS_CHANGED = "applied-passwords-changed";

    /** Present while clients find the passwords in {@code <c>-connection}. */
    public static final String CONNECTION = "connection-secret";

    private InternalSecret() {}

    /** Key of the note that the servers have the operator's own role for a feature. */
    public static String appliedRole(String feature) {
        return "applied-%s-hash".formatted(feature);
    }

    public static Secret of(PostgresCluster cluster, InternalSecrets secrets) {
        var data = new TreeMap<>(secrets.bookkeeping());
        data.put(REST_USERNAME, InternalSecrets.REST_USER);
        data.put(REST_PASSWORD, secrets.restPassword());
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).internalSecret(), Component.POSTGRESQL))
                .withData(SecretData.encode(data))
                .build();
    }
}
