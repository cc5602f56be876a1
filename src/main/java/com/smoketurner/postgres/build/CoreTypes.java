package com.smoketurner.postgres.build;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Completes the schemas of Kubernetes' own types (affinity, tolerations, label selectors), whose Java model carries
 * neither descriptions nor required fields. Only the types a pod's placement and a network policy need are used, so
 * their schemas stay small and no CEL rule looks into them.
 */
final class CoreTypes {
    /** By the name of the property: a name means the same wherever these types use it. */
    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry("name", "Name of the object."),
            Map.entry("key", "Key of the label, field or taint."),
            Map.entry("operator", "How key and values relate, for example In, NotIn, Exists or DoesNotExist."),
            Map.entry("value", "Value of the taint."),
            Map.entry("values", "Values the operator compares with."),
            Map.entry("effect", "Effect of the taint; absent means every effect."),
            Map.entry("tolerationSeconds", "How long a NoExecute taint is put up with; absent means forever."),
            Map.entry("matchLabels", "Labels that must be there with exactly these values."),
            Map.entry("matchExpressions", "Requirements on labels, all of which must hold."),
            Map.entry("matchFields", "Requirements on fields of the node, all of which must hold."),
            Map.entry("matchLabelKeys", "Label keys whose values are taken from the pod itself and must be equal."),
            Map.entry("mismatchLabelKeys", "Label keys whose values are taken from the pod itself and must differ."),
            Map.entry("nodeAffinity", "Which nodes are allowed or preferred."),
            Map.entry("podAffinity", "Which pods to run close to."),
            Map.entry("podAntiAffinity", "Which pods to keep away from."),
            Map.entry(
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    "Terms that must hold when a pod is placed; later changes do not move it."),
            Map.entry(
                    "preferredDuringSchedulingIgnoredDuringExecution",
                    "Weighted terms that should hold when a pod is placed."),
            Map.entry("nodeSelectorTerms", "Terms of which at least one must hold."),
            Map.entry("preference", "The term that is preferred."),
            Map.entry("weight", "Weight of the term, 1 to 100."),
            Map.entry("podAffinityTerm", "The term that is preferred."),
            Map.entry("labelSelector", "The pods that are meant."),
            Map.entry("namespaceSelector", "Namespaces of the pods, by label."),
            Map.entry("namespaces", "Namespaces of the pods, by name."),
            Map.entry("topologyKey", "Label of the nodes that defines a domain, for example a zone."),
            Map.entry("maxSkew", "By how many pods two domains may differ."),
            Map.entry("minDomains", "Number of domains there must be at least."),
            Map.entry("nodeAffinityPolicy", "Whether node affinity decides which nodes count: Honor or Ignore."),
            Map.entry("nodeTaintsPolicy", "Whether taints decide which nodes count: Honor or Ignore."),
            Map.entry("whenUnsatisfiable", "What happens when it cannot be met: DoNotSchedule or ScheduleAnyway."));

    /** What a schema of exactly these properties requires. */
    private static final Map<Set<String>, List<String>> REQUIRED = Map.of(
            Set.of("key", "operator", "values"), List.of("key", "operator"),
            Set.of("nodeSelectorTerms"), List.of("nodeSelectorTerms"),
            Set.of("preference", "weight"), List.of("preference", "weight"),
            Set.of("podAffinityTerm", "weight"), List.of("podAffinityTerm", "weight"));

    private CoreTypes() {}

    static @Nullable String description(String property) {
        return DESCRIPTIONS.get(property);
    }

    static void complete(JSONSchemaProps schema) {
        Set<String> names = CrdTweaks.properties(schema).keySet();
        List<String> required = REQUIRED.get(names);
        if (required != null) {
            schema.setRequired(required);
        } else if (names.contains("maxSkew")) {
            schema.setRequired(List.of("maxSkew", "topologyKey", "whenUnsatisfiable"));
        } else if (names.contains("topologyKey")) {
            schema.setRequired(List.of("topologyKey"));
        } else if (names.equals(Set.of("matchExpressions", "matchLabels"))) {
            schema.setXKubernetesMapType("atomic");
        }
    }
}
