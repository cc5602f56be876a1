package com.smoketurner.postgres.apiserver;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.ApiServer;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Cluster;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster without cert-manager's kinds. They are removed for good, so this class is the last one. */
@ExtendWith(ApiServer.class)
@Order(Integer.MAX_VALUE)
class WithoutCertManagerApiTest {
    private final Namespace ns;

    WithoutCertManagerApiTest(Namespace ns) {
        this.ns = ns;
    }

    @Test
    @Acceptance(58)
    @BadInput(12)
    void tlsNeedsItAndTheRestDoesNot() {
        for (String kind : List.of("certificates", "issuers", "clusterissuers")) {
            ns.kubectl("delete", "crd", kind + ".cert-manager.io", "--timeout=60s", "--ignore-not-found")
                    .orThrow();
        }
        // Another environment than the other classes': the operator looks for cert-manager when it starts.
        ApiServer.operator(Map.of("POSTGRES_OPERATOR_RESYNC_SECONDS", "31"));
        Cluster secure = ns.apply(Manifest.cluster("secure"));
        secure.awaitPhase("Failed");
        secure.awaitCondition("ConfigurationValid", "False", "CertManagerNotInstalled");
        ns.apply(Manifest.cluster("open").noTls()).awaitPhase("Running");
    }
}
