package com.smoketurner.postgres.api;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records with every component set, down to the leaves, and records with none set. */
final class Filled {
    /** Fits free text as well as the fields with the format of a time. */
    private static final String TEXT = "2024-01-15T10:30:00Z";

    /** Components whose schema wants something else. */
    private static final Map<String, String> TEXTS =
            Map.of("currentVersion", "16", "status", "True", "reason", "Filled", "version", "16", "size", "10Gi");

    private Filled() {}

    static <R> R of(Class<R> type) {
        return type.cast(record(type));
    }

    /** With nothing set: collections are empty, everything else is absent. */
    static <R> R empty(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        return type.cast(create(type, new @Nullable Object[components.length]));
    }

    private static Object record(Class<?> type) {
        return create(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(c -> value(c.getName(), c.getGenericType()))
                        .toArray());
    }

    private static Object create(Class<?> type, @Nullable Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(String name, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? List.of(value(name, arguments[0]))
                    : Map.of("key", value(name, arguments[1]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            return record(raw);
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        Object leaf = LEAVES.get(raw);
        if (leaf == null) {
            throw new IllegalStateException("no value for " + raw + " " + name);
        }
        return raw == String.class ? TEXTS.getOrDefault(name, TEXT) : leaf;
    }

    private static final Map<Class<?>, Object> LEAVES = Map.ofEntries(
            Map.entry(String.class, TEXT),
            Map.entry(Boolean.class, true),
            Map.entry(Integer.class, 7),
            Map.entry(Long.class, 8_589_934_592L),
            Map.entry(Quantity.class, new Quantity("500m")),
            Map.entry(LocalObjectReference.class, new LocalObjectReference("pull")),
            Map.entry(
                    LabelSelector.class,
                    new LabelSelectorBuilder().addToMatchLabels("a", "b").build()),
            Map.entry(
                    Toleration.class,
                    new TolerationBuilder().withKey("a").withOperator("Exists").build()),
            Map.entry(
                    TopologySpreadConstraint.class,
                    new TopologySpreadConstraintBuilder()
                            .withMaxSkew(1)
                            .withTopologyKey("zone")
                            .withWhenUnsatisfiable("DoNotSchedule")
                            .build()),
            Map.entry(
                    Affinity.class,
                    new AffinityBuilder()
                            .withNewNodeAffinity()
                            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                            .addNewNodeSelectorTerm()
                            .addNewMatchExpression()
                            .withKey("a")
                            .withOperator("In")
                            .withValues("b")
                            .endMatchExpression()
                            .endNodeSelectorTerm()
                            .endRequiredDuringSchedulingIgnoredDuringExecution()
                            .endNodeAffinity()
                            .build()));
}
