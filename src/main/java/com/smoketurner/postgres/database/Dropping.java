package com.smoketurner.postgres.database;

import com.smoketurner.postgres.database.plan.Change;
import com.smoketurner.postgres.database.plan.DropFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Drops what the operator has created for a resource that is deleted: the database, then roles that nothing else needs. */
final class Dropping {

    private final Sql sql;
    private final String resource;
    private final Set<String> live;
    private final List<String> kept = new ArrayList<>();
    private final List<String> keptRoles = new ArrayList<>();

    private Dropping(Sql sql, String resource, Set<String> live) {
        this.sql = sql;
        this.resource = resource;
        this.live = live;
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
     * @param live the other resources that there are: what one of them has stays
     * @throws SqlFailed if the server is not reached
     */
    static Result run(Sql sql, String resource, Set<String> live) {
        return new Dropping(sql, resource, live).run();
    }

    private Result run() {
        if (!Provisioning.hasRegistry(sql)) {
            return new Result(Optional.empty(), Optional.empty(), List.of()); // Nothing was ever made.
        }
        Optional<String> dropped = Optional.empty();
        for (DropFacts.Database database : facts().databases()) {
            if (!Collections.disjoint(database.others(), live)) {
                kept.add("database \"%s\" stays: another PostgresDatabase has it".formatted(database.name()));
            } else if (database.exists()) {
                Optional<String> obstacle = drop(database);
                if (obstacle.isPresent()) {
                    return new Result(Optional.empty(), obstacle, List.of());
                }
                dropped = Optional.of(database.name());
            }
        }
        // A role that owned tables in the database may own nothing now.
        facts().roles().forEach(this::drop);
        sql.change(Sql.HOME, List.of(DropFacts.forgetAllBut(resource, keptRoles)));
        return new Result(dropped, Optional.empty(), kept);
    }

    private DropFacts facts() {
        return DropFacts.parse(sql.read(Sql.HOME, DropFacts.query(resource)));
    }

    private Optional<String> drop(DropFacts.Database database) {
        if (!database.obstacles().isEmpty()) {
            return Optional.of("database \"%s\" is used by %s; drop them"
                    .formatted(database.name(), String.join(", ", database.obstacles())));
        }
        try {
            if (!database.invalid()) {
                sql.change(Sql.HOME, new Change.CloseDatabase(database.name()).statements());
            }
            sql.change(Sql.HOME, new Change.DropDatabase(database.name()).statements());
            return Optional.empty();
        } catch (SqlFailed e) {
            if (!e.refused()) {
                throw e;
            }
            return Optional.of(e.words());
        }
    }

    private void drop(DropFacts.Role role) {
        if (!Collections.disjoint(role.others(), live)) {
            kept.add("role \"%s\" stays: another PostgresDatabase describes it".formatted(role.name()));
            return;
        }
        if (!role.owns().isEmpty()) {
            keep(role, "owns objects in " + String.join(", ", role.owns()));
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
            keep(role, e.words());
        }
    }

    /** It stays the operator's, and nobody logs in as it. */
    private void keep(DropFacts.Role role, String why) {
        kept.add("role \"%s\" stays without login: %s".formatted(role.name(), why));
        keptRoles.add(role.name());
        sql.change(Sql.HOME, List.of(new Change.Retire(role.name()).sql()));
    }
}
