package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code <c>-ca-bundle}: the authorities that whoever connects to the cluster trusts. */
public final class CaBundle {
    public static final String KEY = "ca.crt";

    private CaBundle() {}

    public static ConfigMap of(PostgresCluster cluster, Authorities authorities) {
        var metadata = Metadata.of(cluster, Names.of(cluster).caBundle(), Component.TLS);
        metadata.setAnnotations(Map.of(Annotations.FORMER_AUTHORITIES, authorities.note()));
        return new ConfigMapBuilder()
                .withMetadata(metadata)
                .withData(Map.of(KEY, authorities.file()))
                .build();
    }

    /** What such a ConfigMap says. */
    public static Authorities read(Optional<ConfigMap> bundle) {
        return bundle.map(map -> Authorities.parse(
                        Objects.requireNonNullElse(map.getData(), Map.<String, String>of())
                                .getOrDefault(KEY, ""),
                        Objects.requireNonNullElse(map.getMetadata().getAnnotations(), Map.<String, String>of())
                                .getOrDefault(Annotations.FORMER_AUTHORITIES, "")))
                .orElse(Authorities.NONE);
    }
}
