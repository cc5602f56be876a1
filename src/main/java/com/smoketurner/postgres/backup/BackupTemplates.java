package com.smoketurner.postgres.backup;

import io.quarkus.qute.Engine;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.ValueResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Renders pgBackRest's configuration file; Quarkus checks the template when the operator is built. */
final class BackupTemplates {
    private static final Template PG_BACK_REST = parse("templates/backup/" + PgBackRest.CONF);

    private BackupTemplates() {}

    static String pgBackRest(PgBackRestView view) {
        return PG_BACK_REST.data("view", view).render();
    }

    private static Template parse(String resource) {
        var engine = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addValueResolver(ValueResolver.builder()
                        .applyToBaseClass(String.class)
                        .applyToName("ini")
                        .resolveSync(context -> IniValues.line((String) context.getBase()))
                        .build())
                .build();
        try (var in = BackupTemplates.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return engine.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
