package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.database.plan.Change;
import com.smoketurner.postgres.sql.Psql;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that are made together.
 *
 * @param part the condition that is False when one fails
 */
record Batch(DatabaseConditionType part, String database, List<Change> changes, boolean transaction) {

    static Batch transaction(DatabaseConditionType part, String database, List<? extends Change> changes) {
        return new Batch(part, database, List.copyOf(changes), true);
    }

    /** One that PostgreSQL allows in no transaction, or that is to fail by itself. */
    static Batch alone(DatabaseConditionType part, String database, Change change) {
        return new Batch(part, database, List.of(change), false);
    }

    Psql.Script script() {
        List<String> statements = new ArrayList<>(
                changes.stream().flatMap(change -> change.statements().stream()).toList());
        if (transaction) {
            statements.addFirst("BEGIN");
            statements.addLast("COMMIT");
        }
        return new Psql.Script(database, statements);
    }
}
