package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.api.IssuerRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;

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
        boolean namespaced = ISSUER.equals(issuer.kindOrDefault());
        if (!GROUP.equals(issuer.groupOrDefault())
                || !(namespaced || reads.allowed(ClusterReads.Read.CLUSTER_ISSUERS))) {
            return true;
        }
        var issuers = client.genericKubernetesResources(API_VERSION, issuer.kindOrDefault());
        return (namespaced ? issuers.inNamespace(namespace).withName(issuer.name()) : issuers.withName(issuer.name()))
                        .get()
                != null;
    }
}
