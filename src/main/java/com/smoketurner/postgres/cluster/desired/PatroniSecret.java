package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.naming.SecretData;
import com.smoketurner.postgres.patroni.PatroniTemplates;
import com.smoketurner.postgres.patroni.SecretsFile;
import com.smoketurner.postgres.patroni.SecretsView;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** {@code <c>-patroni}: the part of Patroni's configuration that holds passwords. */
public final class PatroniSecret {
    public static final String SECRETS_YML = "secrets.yml";

    private PatroniSecret() {}

    /** The passwords that such a Secret holds; nothing when it was not made here. */
    public static Optional<Passwords> passwordsOf(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(SECRETS_YML))
                .map(file -> new String(Base64.getDecoder().decode(file), StandardCharsets.UTF_8))
                .flatMap(file -> SecretsFile.superuser(file)
                        .flatMap(superuser -> SecretsFile.replication(file)
                                .map(replication -> new Passwords(superuser, replication))));
    }

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
