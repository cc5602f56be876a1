package com.smoketurner.postgres.apiserver;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster without cert-manager's kinds. They are taken away for its time, so this class is the last one. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(Integer.MAX_VALUE)
class WithoutCertManagerApiTest {
    private final Namespace ns;
    private List<CustomResourceDefinition> kinds = List.of();

    WithoutCertManagerApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void remove() {
        // What plays cert-manager begins to watch its kinds when it starts, so while they are there.
        ApiServer.members();
        kinds = ns.client().apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(crd -> crd.getSpec().getGroup().equals("cert-manager.io"))
                .toList();
        for (var kind : kinds) {
            ns.kubectl("delete", "crd", kind.getMetadata().getName(), "--timeout=60s")
                    .orThrow();
        }
        // Another environment than the other classes': the operator looks for cert-manager when it starts.
        ApiServer.operator(Map.of("POSTGRES_OPERATOR_RESYNC_SECONDS", "5"));
    }

    @AfterAll
    void giveBack() {
        for (var kind : kinds) {
            if (ns.client()
                            .apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(kind.getMetadata().getName())
                            .get()
                    != null) {
                continue;
            }
            var fresh = new CustomResourceDefinitionBuilder(kind)
                    .withNewMetadata()
                    .withName(kind.getMetadata().getName())
                    .withLabels(kind.getMetadata().getLabels())
                    .endMetadata()
                    .withStatus(null)
                    .build();
            ns.client().resource(fresh).create();
        }
    }

    @Test
    @Acceptance(58)
    @BadInput(12)
    void tlsNeedsItAndTheRestDoesNot() {
        Cluster secure = ns.apply(Manifest.cluster("secure"));
        secure.awaitPhase("Failed");
        secure.awaitCondition("ConfigurationValid", "False", "CertManagerNotInstalled");
        ns.apply(Manifest.cluster("open").noTls()).awaitPhase("Running");
        giveBack();
        secure.awaitPhase("Running");
    }
}
