package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.PatroniTemplates;
import com.smoketurner.postgres.patroni.SecretsView;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;

/** {@code <c>-patroni}: the part of Patroni's configuration that holds passwords. */
public final class PatroniSecret {
    public static final String SECRETS_YML = "secrets.yml";

    private PatroniSecret() {}

    public static Secret of(PostgresCluster cluster, Passwords passwords, InternalSecrets internal) {
        var view = new SecretsView(
                CredentialsSecret.SUPERUSER,
                passwords.superuser(),
                CredentialsSecret.REPLICATION_USER,
                passwords.replication(),
                InternalSecrets.REST_USER,
                internal.restPassword());
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).patroniSecret(), Component.POSTGRESQL))
                .withData(SecretData.encode(Map.of(SECRETS_YML, PatroniTemplates.secrets(view))))
                .build();
    }
}
