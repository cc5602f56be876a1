package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Certificates of cert-manager, with the Secrets of their names that it writes: these have their labels, and no owner. */
public final class Certificates {

    private Certificates() {}

    /**
     * Makes a Certificate, unless a Secret of its name is somebody else's: cert-manager would write over it.
     *
     * @throws ResourceConflict in that case
     */
    public static void ensure(Applier applier, GenericKubernetesResource certificate) {
        String namespace = certificate.getMetadata().getNamespace();
        String name = certificate.getMetadata().getName();
        if (!applier.knows(CertManager.CERTIFICATE, namespace, name)) {
            applier.live(Secret.class, namespace, name)
                    .filter(secret -> !belongTogether(secret, certificate))
                    .ifPresent(secret -> {
                        throw new ResourceConflict(secret);
                    });
        }
        applier.ensure(certificate);
    }

    private static boolean belongTogether(Secret secret, HasMetadata certificate) {
        Map<String, String> labels =
                Objects.requireNonNullElse(secret.getMetadata().getLabels(), Map.of());
        return List.of(Labels.CLUSTER, Labels.MANAGED_BY).stream()
                .allMatch(key -> Objects.equals(
                        labels.get(key), certificate.getMetadata().getLabels().get(key)));
    }

    /** Deletes a Certificate, and the Secret, which cert-manager leaves behind. */
    public static void remove(Applier applier, MemberPods pods, String namespace, String name) {
        applier.ensureAbsent(CertManager.CERTIFICATE, namespace, name);
        applier.known(Secret.class, namespace, name).ifPresent(pods::delete);
    }
}
