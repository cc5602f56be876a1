package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code <c>-backup} and {@code <c>-restore}: what the programs in the pods are told about a repository. */
public final class RepositorySecret {

    private RepositorySecret() {}

    /**
     * Such a Secret.
     *
     * @param name of the Secret
     * @param files by name
     * @param annotations what the operator has to remember of it
     */
    public static Secret of(
            PostgresCluster cluster, String name, Map<String, String> files, Map<String, String> annotations) {
        var metadata = Metadata.of(cluster, name, Component.BACKUP);
        metadata.setAnnotations(new TreeMap<>(annotations));
        var data = new TreeMap<String, String>();
        files.forEach((file, text) ->
                data.put(file, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder().withMetadata(metadata).withData(data).build();
    }

    /** Metadata for another content of such a Secret, with what is remembered in it. */
    public static ObjectMeta metadata(PostgresCluster cluster, Secret present) {
        var metadata = Metadata.of(cluster, present.getMetadata().getName(), Component.BACKUP);
        metadata.setAnnotations(present.getMetadata().getAnnotations());
        return metadata;
    }

    /** What the operator has remembered in an annotation of the Secret. */
    public static Optional<String> annotation(Secret secret, String key) {
        return Optional.ofNullable(secret.getMetadata().getAnnotations()).map(annotations -> annotations.get(key));
    }
}
