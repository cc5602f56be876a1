package com.smoketurner.postgres.backup;

import io.quarkus.qute.Template;

/** Renders pgBackRest's configuration file; Quarkus checks the template when the operator is built. */
final class BackupTemplates {
    private static final Template PG_BACK_REST = IniTemplates.parse("templates/backup/" + PgBackRest.CONF);

    private BackupTemplates() {}

    static String pgBackRest(PgBackRestView view) {
        return PG_BACK_REST.data("view", view).render();
    }
}
