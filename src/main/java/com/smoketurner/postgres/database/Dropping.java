package com.smoketurner.postgres.database;

import com.smoketurner.postgres.database.plan.Change;
import com.smoketurner.postgres.database.plan.DropFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drops what the operator has created for a resource that is deleted: the database, then roles that nothing else needs. */
final class Dropping {

    private final Sql sql;
    private final String resource;
    private final List<String> kept = new ArrayList<>();

    private Dropping(Sql sql, String resource) {
        this.sql = sql;
        this.resource = resource;
    }

    /**
     * What came of it.
     *
     * @param dropped the database that is gone by this run
     * @param obstacle why it is to be tried again
     * @param kept what stays for good, and why
     */
    record Result(Optional<String> dropped, Optional<String> obstacle, List<String> kept) {}

    /**
     * Drops it.
     *
     * @param resource {@code namespace/name}
     * @throws SqlFailed if the server is not reached
     */
    static Result run(Sql sql, String resource) {
        return new Dropping(sql, resource).run();
    }

    private Result run() {
        DropFacts facts;
        try {
            facts = DropFacts.parse(sql.read(Sql.HOME, DropFacts.query(resource)));
        } catch (SqlFailed e) {
            if (e.refused() && e.words().contains("postgres_operator.managed")) {
                return new Result(Optional.empty(), Optional.empty(), List.of()); // Nothing was ever made.
            }
            throw e;
        }
        Optional<String> dropped = Optional.empty();
        for (DropFacts.Database database : facts.databases()) {
            if (database.exists()) {
                Optional<String> obstacle = drop(database);
                if (obstacle.isPresent()) {
                    return new Result(Optional.empty(), obstacle, List.of());
                }
                dropped = Optional.of(database.name());
            }
        }
        // A role that owned tables in the database may own nothing now.
        for (DropFacts.Role role :
                DropFacts.parse(sql.read(Sql.HOME, DropFacts.query(resource))).roles()) {
            drop(role);
        }
        sql.change(Sql.HOME, List.of(DropFacts.forgetAll(resource)));
        return new Result(dropped, Optional.empty(), kept);
    }

    private Optional<String> drop(DropFacts.Database database) {
        if (!database.obstacles().isEmpty()) {
            return Optional.of("database \"%s\" is used by %s; drop them"
                    .formatted(database.name(), String.join(", ", database.obstacles())));
        }
        try {
            sql.change(Sql.HOME, List.of(new Change.CloseDatabase(database.name()).sql()));
            sql.change(Sql.HOME, List.of(new Change.DropDatabase(database.name()).sql()));
            return Optional.empty();
        } catch (SqlFailed e) {
            if (!e.refused()) {
                throw e;
            }
            return Optional.of(e.words());
        }
    }

    private void drop(DropFacts.Role role) {
        if (role.shared()) {
            return; // Another resource describes it.
        }
        if (!role.owns().isEmpty()) {
            kept.add("role \"%s\" stays because it owns objects in %s"
                    .formatted(role.name(), String.join(", ", role.owns())));
            return;
        }
        try {
            for (String database : role.hasPrivilegesIn()) {
                sql.change(
                        database,
                        List.of(
                                "BEGIN",
                                DropFacts.assertOwnsNothing(role.name()),
                                new Change.DropPrivileges(role.name()).sql(),
                                "COMMIT"));
            }
            sql.change(Sql.HOME, List.of(new Change.DropRole(role.name()).sql()));
        } catch (SqlFailed e) {
            if (!e.refused()) {
                throw e;
            }
            kept.add("role \"%s\" stays: %s".formatted(role.name(), e.words()));
        }
    }
}
