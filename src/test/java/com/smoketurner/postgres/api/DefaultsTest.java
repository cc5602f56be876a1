package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.generator.annotation.Default;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The default the API server fills in and the one the operator assumes are the same. */
final class DefaultsTest {
    @TestFactory
    Stream<DynamicTest> accessorsAgreeWithTheSchema() {
        return records().stream()
                .flatMap(type -> Stream.of(type.getRecordComponents())
                        .filter(component -> component.getAccessor().isAnnotationPresent(Default.class))
                        .map(component -> DynamicTest.dynamicTest(
                                type.getSimpleName() + "." + component.getName(), () -> agree(type, component))));
    }

    private static void agree(Class<?> type, RecordComponent component) throws ReflectiveOperationException {
        String schema = component.getAccessor().getAnnotation(Default.class).value();
        Method accessor = type.getMethod(component.getName() + "OrDefault");
        Object value = accessor.invoke(Filled.empty(type));
        assertThat(value instanceof Enum<?> word ? label(word) : value.toString())
                .isEqualTo(schema);
        Object given = component.getAccessor().invoke(Filled.of(type));
        assertThat(accessor.invoke(Filled.of(type))).isEqualTo(given);
    }

    private static String label(Enum<?> word) throws ReflectiveOperationException {
        return (String) word.getDeclaringClass().getMethod("label").invoke(word);
    }

    private static Set<Class<?>> records() {
        var found = new LinkedHashSet<Class<?>>();
        collect(PostgresClusterSpec.class, found);
        collect(PostgresDatabaseSpec.class, found);
        collect(PostgresUpgradeSpec.class, found);
        return found;
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach(argument -> collect(argument, found));
        } else if (type instanceof Class<?> raw && raw.isRecord() && found.add(raw)) {
            Stream.of(raw.getRecordComponents()).forEach(component -> collect(component.getGenericType(), found));
        }
    }
}
