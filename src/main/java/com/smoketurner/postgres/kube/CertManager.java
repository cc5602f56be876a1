package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.api.IssuerRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The API of cert-manager: whether it is there, and whether an issuer is. */
@Singleton
public final class CertManager {

    public static final String GROUP = "cert-manager.io";
    public static final String API_VERSION = GROUP + "/v1";
    public static final String CERTIFICATE = "Certificate";
    public static final String ISSUER = "Issuer";

    private final KubernetesClient client;
    private final ClusterReads reads;

    public CertManager(KubernetesClient client, ClusterReads reads) {
        this.client = client;
        this.reads = reads;
    }

    /** Whether the API server serves certificates. Asks it. */
    public boolean served() {
        return client.supports(API_VERSION, CERTIFICATE);
    }

    /** Whether the issuer exists. One of another group, or one that may not be read, is taken for existing. */
    public boolean issuerExists(String namespace, IssuerRef issuer) {
        boolean known = GROUP.equals(issuer.groupOrDefault()) && readable(issuer);
        return !known || find(namespace, issuer).isPresent();
    }

    /** Whether the issuer asks a public authority by ACME, which signs names of the public DNS alone. Asks the API server. */
    public boolean isPublic(String namespace, IssuerRef issuer) {
        return GROUP.equals(issuer.groupOrDefault())
                && readable(issuer)
                && find(namespace, issuer)
                        .filter(found -> found.get("spec", "acme") != null)
                        .isPresent();
    }

    private boolean readable(IssuerRef issuer) {
        return ISSUER.equals(issuer.kindOrDefault()) || reads.allowed(ClusterReads.Read.CLUSTER_ISSUERS);
    }

    private Optional<GenericKubernetesResource> find(String namespace, IssuerRef issuer) {
        var issuers = client.genericKubernetesResources(API_VERSION, issuer.kindOrDefault());
        return Optional.ofNullable(
                ISSUER.equals(issuer.kindOrDefault())
                        ? issuers.inNamespace(namespace).withName(issuer.name()).get()
                        : issuers.withName(issuer.name()).get());
    }
}
