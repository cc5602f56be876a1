package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.Map;
import java.util.Optional;

/** {@code <c>-selfsigned}: the issuer of a cluster for which nobody named one. */
public final class SelfSignedIssuer {
    public static final String KIND = "Issuer";

    private SelfSignedIssuer() {}

    public static Optional<GenericKubernetesResource> of(PostgresCluster cluster, Settings settings) {
        var spec = cluster.getSpec();
        if (!spec.tlsEnabled() || spec.tlsOrDefault().issuerRef() != null || settings.defaultIssuer() != null) {
            return Optional.empty();
        }
        return Optional.of(new GenericKubernetesResourceBuilder()
                .withApiVersion(TlsCertificate.API_VERSION)
                .withKind(KIND)
                .withMetadata(Metadata.of(cluster, Names.of(cluster).selfSignedIssuer(), Component.TLS))
                .addToAdditionalProperties("spec", Map.of("selfSigned", Map.of()))
                .build());
    }
}
