package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.Durations;
import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The certificate authority of a cluster for which nobody names an issuer: the issuer {@code <c>-selfsigned} signs the certificate
 * {@code <c>-ca}, with which the issuer {@code <c>-ca} signs those of the members. A renewed certificate is by the same authority, so
 * members and clients go on to trust each other.
 */
public final class OwnAuthority {
    public static final String ISSUER = "Issuer";

    /** Its key stays the same when it is renewed, so that certificates by its predecessor stay valid. */
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private OwnAuthority() {}

    /** Whether the members' certificate is signed by it. */
    public static boolean signs(PostgresCluster cluster, Settings settings) {
        var spec = cluster.getSpec();
        return spec.tlsEnabled() && spec.tlsOrDefault().issuerRef() == null && settings.defaultIssuer() == null;
    }

    /** The issuer of the members' certificate. */
    static IssuerRef issuer(PostgresCluster cluster) {
        return new IssuerRef(Names.of(cluster).authority(), ISSUER, TlsCertificate.GROUP);
    }

    /** {@code <c>-selfsigned}: signs the certificate of the authority. */
    public static GenericKubernetesResource root(PostgresCluster cluster) {
        return issuer(cluster, Names.of(cluster).selfSignedIssuer(), Map.of("selfSigned", Map.of()));
    }

    /** {@code <c>-ca}: signs the certificates of the members. */
    public static GenericKubernetesResource authority(PostgresCluster cluster) {
        String name = Names.of(cluster).authority();
        return issuer(cluster, name, Map.of("ca", Map.of("secretName", name)));
    }

    /** The certificate of the authority; its Secret has the same name. */
    public static GenericKubernetesResource certificate(PostgresCluster cluster) {
        var names = Names.of(cluster);
        var leaf = Durations.parse(cluster.getSpec().tlsOrDefault().durationOrDefault());
        var early = leaf.multipliedBy(2);
        var validity = VALIDITY.compareTo(early.multipliedBy(2)) > 0 ? VALIDITY : early.multipliedBy(2);
        var spec = new LinkedHashMap<String, Object>();
        spec.put("isCA", true);
        spec.put("secretName", names.authority());
        spec.put("secretTemplate", Map.of("labels", Labels.of(cluster, Component.TLS)));
        spec.put(
                "issuerRef",
                TlsCertificate.reference(new IssuerRef(names.selfSignedIssuer(), ISSUER, TlsCertificate.GROUP)));
        // pgBackRest admits clients by the name of the cluster, which no other certificate of the authority may have.
        spec.put("commonName", names.authority());
        spec.put("duration", validity.toHours() + "h");
        // It outlives all certificates that it has signed.
        spec.put("renewBefore", early.toHours() + "h");
        var key = new LinkedHashMap<String, Object>();
        key.put("algorithm", "ECDSA");
        key.put("encoding", "PKCS8");
        key.put("size", 256);
        key.put("rotationPolicy", "Never");
        spec.put("privateKey", key);
        spec.put("usages", List.of("cert sign", "crl sign", "digital signature"));
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(TlsCertificate.API_VERSION)
                .withKind(TlsCertificate.KIND)
                .withMetadata(Metadata.of(cluster, names.authority(), Component.TLS))
                .addToAdditionalProperties("spec", spec)
                .build();
    }

    private static GenericKubernetesResource issuer(PostgresCluster cluster, String name, Map<String, Object> spec) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(TlsCertificate.API_VERSION)
                .withKind(ISSUER)
                .withMetadata(Metadata.of(cluster, name, Component.TLS))
                .addToAdditionalProperties("spec", spec)
                .build();
    }
}
