package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of the stand-in that plays cert-manager: one key pair, made once, for every Certificate. */
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
    private @Nullable Map<String, String> pair;

    StandInCertificates(KubernetesClient client) {
        this.client = client;
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
        pair = newPair();
        var started =
                client.genericKubernetesResources(CERTIFICATE).inAnyNamespace().runnableInformer(0);
        started.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(GenericKubernetesResource certificate) {
                issue(certificate);
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource certificate) {
                issue(certificate);
            }

            @Override
            public void onDelete(GenericKubernetesResource certificate, boolean unknown) {
                // cert-manager leaves the Secret behind as well
            }
        });
        started.run();
        informer = started;
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
    }

    private void issue(GenericKubernetesResource certificate) {
        var json = Json.tree(certificate);
        String namespace = certificate.getMetadata().getNamespace();
        if (held.contains(namespace)
                || json.at("/status/conditions/0/status").asText().equals("True")) {
            return;
        }
        try {
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(json.at("/spec/secretName").asText())
                            .withLabels(Json.map(json.at("/spec/secretTemplate/labels")))
                            .endMetadata()
                            .withType("kubernetes.io/tls")
                            .withData(pair)
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

    /** By the keytool of the running JDK: the class library itself makes no certificates. */
    private static Map<String, String> newPair() {
        try {
            Path store = Files.createTempDirectory("stand-in").resolve("pair.p12");
            String password = Long.toString(System.nanoTime());
            Command.of(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "stand-in",
                            "-keyalg",
                            "RSA",
                            "-dname",
                            "CN=stand-in",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            password))
                    .output();
            var keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password.toCharArray());
            }
            Files.delete(store);
            String certificate =
                    pem("CERTIFICATE", keys.getCertificate("stand-in").getEncoded());
            String key = pem(
                    "PRIVATE KEY",
                    keys.getKey("stand-in", password.toCharArray()).getEncoded());
            return Map.of("tls.crt", certificate, "tls.key", key, "ca.crt", certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] content) {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
