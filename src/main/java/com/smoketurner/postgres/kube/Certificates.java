package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Certificates of cert-manager, with the Secrets of their names that it writes: these have their labels, and no owner. */
public final class Certificates {

    private static final String ISSUING = "Issuing";

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

    /**
     * Has cert-manager issue a Certificate anew, as {@code cmctl renew} does; the one that it has stays in force until then.
     *
     * @return whether that was not under way already
     */
    public static boolean issueAnew(Applier applier, String namespace, String name, String why, Instant now) {
        Optional<GenericKubernetesResource> certificate = applier.knownCertificate(namespace, name);
        List<Map<String, Object>> conditions =
                certificate.map(Certificates::conditions).orElseGet(List::of);
        if (certificate.isEmpty() || conditions.stream().anyMatch(Certificates::issuing)) {
            return false;
        }
        List<Map<String, Object>> all = new ArrayList<>(conditions);
        all.removeIf(condition -> ISSUING.equals(condition.get("type")));
        all.add(Map.of(
                "type",
                ISSUING,
                "status",
                "True",
                "reason",
                "ManuallyTriggered",
                "message",
                why,
                "lastTransitionTime",
                now.truncatedTo(ChronoUnit.SECONDS).toString()));
        applier.changeStatus(certificate.get(), Map.of("status", Map.of("conditions", all)));
        return true;
    }

    private static boolean issuing(Map<String, Object> condition) {
        return ISSUING.equals(condition.get("type")) && "True".equals(condition.get("status"));
    }

    @SuppressWarnings("unchecked") // conditions are maps in every version of the API
    private static List<Map<String, Object>> conditions(GenericKubernetesResource certificate) {
        Object conditions = certificate.get("status", "conditions");
        return conditions instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    /** Deletes a Certificate, and the Secret, which cert-manager leaves behind. */
    public static void remove(Applier applier, MemberPods pods, String namespace, String name) {
        applier.ensureAbsent(CertManager.CERTIFICATE, namespace, name);
        applier.known(Secret.class, namespace, name).ifPresent(pods::delete);
    }
}
