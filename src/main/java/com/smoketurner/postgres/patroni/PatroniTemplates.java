package com.smoketurner.postgres.patroni;

import io.quarkus.qute.Engine;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.ValueResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/**
 * Renders Patroni's configuration files.
 *
 * <p>Quarkus checks every template against the type of its {@code view} when the operator is built. At run time the
 * templates need no container, so that everything built on them stays a pure function.
 */
public final class PatroniTemplates {
    private static final Engine ENGINE = Engine.builder()
            .addDefaults()
            .addValueResolver(new ReflectionValueResolver())
            .addValueResolver(scalar(String.class, "yaml", YamlScalars::string))
            .addValueResolver(scalar(Number.class, "int", YamlScalars::integer))
            .addValueResolver(scalar(Boolean.class, "bool", YamlScalars::bool))
            .build();
    private static final Template CONFIG = parse("templates/patroni/patroni.yaml");
    private static final Template SECRETS = parse("templates/patroni/secrets.yaml");

    private PatroniTemplates() {}

    /** {@code 10-patroni.yml}: everything but secrets. */
    public static String config(PatroniView view) {
        return CONFIG.data("view", view).render();
    }

    /** {@code 20-secrets.yml}: passwords only. */
    public static String secrets(SecretsView view) {
        return SECRETS.data("view", view).render();
    }

    private static Template parse(String resource) {
        try (var in = PatroniTemplates.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return ENGINE.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static <T> ValueResolver scalar(Class<T> type, String name, Function<T, Object> method) {
        return ValueResolver.builder()
                .applyToBaseClass(type)
                .applyToName(name)
                .resolveSync(context -> method.apply(type.cast(context.getBase())))
                .build();
    }
}
