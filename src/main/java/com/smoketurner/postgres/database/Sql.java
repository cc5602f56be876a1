package com.smoketurner.postgres.database;

import java.util.List;

/** SQL on the primary of one cluster, as its superuser. */
interface Sql {

    /** The database that every server has, with the registry. */
    String HOME = "postgres";

    /**
     * The answer to a query, which is one value.
     *
     * @throws SqlFailed if the server refuses it, or is not reached
     */
    String read(String database, String query);

    /**
     * Runs statements one after the other, until one fails.
     *
     * @throws SqlFailed if the server refuses one, or is not reached
     */
    void change(String database, List<String> statements);
}
