package com.smoketurner.postgres.cluster.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The resources that a pod was last asked to have, as an annotation of the pod has it. What the pod has beside or instead is
 * what admission has made of the request, such as the defaults of a limit range, and no difference from the spec.
 *
 * @param amounts requests and limits by name, such as {@code limits.cpu}, in whole units
 * @param generation of the pod when the request had been made; a pod is created with 1
 */
public record RequestedResources(SortedMap<String, String> amounts, long generation) {

    private static final String GENERATION = "generation";

    public RequestedResources {
        amounts = Collections.unmodifiableSortedMap(new TreeMap<>(amounts));
    }

    /** As a pod is created with them. */
    public static RequestedResources atCreation(@Nullable ResourceRequirements resources) {
        return new RequestedResources(amounts(resources), 1);
    }

    /** As they are in force from a generation of the pod on. */
    public static RequestedResources since(long generation, @Nullable ResourceRequirements resources) {
        return new RequestedResources(amounts(resources), generation);
    }

    /** What the annotation says; empty without one, or where somebody else has written it. */
    public static Optional<RequestedResources> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        Map<String, String> entries = Arrays.stream(text.split(";"))
                .map(entry -> entry.split("=", 2))
                .filter(entry -> entry.length == 2)
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1], (a, b) -> b));
        String generation = entries.remove(GENERATION);
        return generation == null || !generation.matches("\\d{1,18}")
                ? Optional.empty()
                : Optional.of(new RequestedResources(new TreeMap<>(entries), Long.parseLong(generation)));
    }

    /** The value of the annotation. */
    public String text() {
        return GENERATION + "=" + generation
                + amounts.entrySet().stream()
                        .map(entry -> ";" + entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining());
    }

    /** Requests and limits by name, comparable: {@code 0.5} and {@code 500m} are equal. */
    public static SortedMap<String, String> amounts(@Nullable ResourceRequirements requirements) {
        var amounts = new TreeMap<String, String>();
        if (requirements != null) {
            add(amounts, "requests.", requirements.getRequests());
            add(amounts, "limits.", requirements.getLimits());
        }
        return amounts;
    }

    private static void add(Map<String, String> amounts, String kind, @Nullable Map<String, Quantity> quantities) {
        Objects.requireNonNullElse(quantities, Map.<String, Quantity>of())
                .forEach((name, quantity) -> amounts.put(
                        kind + name,
                        quantity.getNumericalAmount().stripTrailingZeros().toPlainString()));
    }
}
