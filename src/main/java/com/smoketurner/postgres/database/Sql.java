package com.smoketurner.postgres.database;

import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.sql.Psql;
import java.util.List;

/** SQL on the primary of one cluster, as its superuser. */
interface Sql {

    /** The database that every server has, with the registry. */
    String HOME = OwnSession.HOME;

    /**
     * The answer to a query, which is one value.
     *
     * @throws SqlFailed if the server refuses it, or is not reached
     */
    String read(String database, String query);

    /**
     * Runs scripts one after the other, until a statement fails.
     *
     * @throws SqlFailed if the server refuses one, or is not reached
     */
    void change(List<Psql.Script> scripts);

    /**
     * Runs statements one after the other, until one fails.
     *
     * @throws SqlFailed if the server refuses one, or is not reached
     */
    default void change(String database, List<String> statements) {
        change(List.of(new Psql.Script(database, statements)));
    }
}
