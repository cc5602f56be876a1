package com.smoketurner.postgres.backup;

import io.quarkus.qute.Engine;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.ValueResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Templates of files with settings, one on each line; Quarkus checks them when the operator is built. */
public final class IniTemplates {
    private IniTemplates() {}

    /** The template of a resource; its values get in by {@link IniValues}. */
    public static Template parse(String resource) {
        var engine = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addValueResolver(ValueResolver.builder()
                        .applyToBaseClass(String.class)
                        .applyToName("ini")
                        .resolveSync(context -> IniValues.line((String) context.getBase()))
                        .build())
                .build();
        try (var in = IniTemplates.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return engine.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
