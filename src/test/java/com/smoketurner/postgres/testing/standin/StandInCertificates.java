package com.smoketurner.postgres.testing.standin;

import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of the stand-in that plays cert-manager: a key pair for each Certificate, by no authority. */
final class StandInCertificates implements AutoCloseable {
    private static final ResourceDefinitionContext CERTIFICATE = new ResourceDefinitionContext.Builder()
            .withGroup("cert-manager.io")
            .withVersion("v1")
            .withKind("Certificate")
            .withPlural("certificates")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
    private final StandInRest rest;
    private final SharedIndexInformer<Secret> secrets;

    StandInCertificates(KubernetesClient client, StandInRest rest) {
        this.client = client;
        this.rest = rest;
        this.secrets = client.secrets()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/component", "tls")
                .runnableInformer(0);
    }

    /** Does nothing where cert-manager's CRDs are not installed. */
    void start() {
        boolean known = client.apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("certificates.cert-manager.io")
                        .get()
                != null;
        if (!known) {
            return;
        }
        var started =
                client.genericKubernetesResources(CERTIFICATE).inAnyNamespace().runnableInformer(0);
        // cert-manager leaves the Secret of a Certificate that is gone behind as well
        started.addEventHandler(Handlers.of(this::issue, certificate -> {}));
        started.run();
        informer = started;
        secrets.addEventHandler(Handlers.of(own -> {}, this::reissue));
        secrets.run();
    }

    /** A Certificate whose Secret is gone gets a new one. */
    private void reissue(Secret secret) {
        if (informer != null) {
            informer.getStore().list().stream()
                    .filter(c -> c.getMetadata().getDeletionTimestamp() == null
                            && c.getMetadata()
                                    .getNamespace()
                                    .equals(secret.getMetadata().getNamespace())
                            && Json.tree(c)
                                    .at("/spec/secretName")
                                    .asText()
                                    .equals(secret.getMetadata().getName()))
                    .forEach(this::sign);
        }
    }

    void hold(String namespace) {
        held.add(namespace);
    }

    void release(String namespace) {
        held.remove(namespace);
        if (informer != null) {
            informer.getStore().list().stream()
                    .filter(c -> c.getMetadata().getNamespace().equals(namespace))
                    .forEach(this::issue);
        }
    }

    @Override
    public void close() {
        if (informer != null) {
            informer.close();
        }
        secrets.close();
    }

    private void issue(GenericKubernetesResource certificate) {
        var json = Json.tree(certificate);
        String namespace = certificate.getMetadata().getNamespace();
        if (held.contains(namespace)
                || json.at("/status/conditions/0/status").asText().equals("True")) {
            return;
        }
        sign(certificate);
    }

    private void sign(GenericKubernetesResource certificate) {
        var json = Json.tree(certificate);
        String namespace = certificate.getMetadata().getNamespace();
        List<String> names = Json.texts(json.at("/spec/dnsNames"));
        var pair = SelfSigned.of(
                names.isEmpty() ? List.of(json.at("/spec/commonName").asText()) : names);
        String cluster =
                json.at("/metadata/labels").path(Project.GROUP + "/cluster").asText();
        if (!json.at("/spec/isCA").asBoolean()) {
            rest.show(namespace, cluster, pair);
        }
        try {
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(json.at("/spec/secretName").asText())
                            .withLabels(Json.map(json.at("/spec/secretTemplate/labels")))
                            .endMetadata()
                            .withType("kubernetes.io/tls")
                            .withData(pair.secretData())
                            .build())
                    .fieldManager("stand-in")
                    .forceConflicts()
                    .serverSideApply();
            client.genericKubernetesResources(CERTIFICATE)
                    .inNamespace(namespace)
                    .withName(certificate.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), """
                            {"status": {"revision": 1, "conditions": [{"type": "Ready", "status": "True",
                             "reason": "Ready", "message": "Certificate is up to date and has not expired",
                             "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
                            """);
        } catch (KubernetesClientException e) {
            System.out.println("stand-in for cert-manager in " + namespace + ": " + e.getMessage());
        }
    }
}
