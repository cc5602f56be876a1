package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseDefinition;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.postgres.MonitoringRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the server gets for a PostgresDatabase outside of the database itself.
 *
 * @param roles in one transaction; also the note that the database is about to be created
 * @param passwords of roles that were there, in one transaction
 * @param memberships in one transaction
 * @param creation of the database, by itself after that
 * @param database in one transaction after that
 * @param notes what differs from the spec and is not changed
 * @param refused roles that are not this resource's to use
 * @param valid roles that have a password which is wanted, once the changes are made
 */
public record ServerPlan(
        List<Change> roles,
        List<Change> passwords,
        List<Change> memberships,
        Optional<Change.CreateDatabase> creation,
        List<Change> database,
        List<Problem> problems,
        List<String> notes,
        Set<String> refused,
        Set<String> valid) {

    /**
     * The plan.
     *
     * @param verifier makes a verifier of a password, with a new salt
     */
    public static ServerPlan of(Wanted wanted, ServerFacts facts, UnaryOperator<String> verifier) {
        return new Planner(wanted, facts, verifier).plan();
    }

    /** Whether the database is there, or will be, and is this resource's. */
    public boolean hasDatabase() {
        return problems.stream().noneMatch(problem -> problem.part() == DatabaseConditionType.DATABASE_CREATED);
    }

    /** {@code datconnlimit} of a database whose deletion was interrupted. */
    private static final int INVALID = -2;

    private static final class Planner {
        private final Wanted wanted;
        private final ServerFacts facts;
        private final DatabaseDefinition definition;
        private final RolePlan roles;
        private final List<Change> first;
        private final List<Change> database = new ArrayList<>();
        private final List<Problem> problems;
        private final List<String> notes = new ArrayList<>();
        private Optional<Change.CreateDatabase> creation = Optional.empty();

        Planner(Wanted wanted, ServerFacts facts, UnaryOperator<String> verifier) {
            this.wanted = wanted;
            this.facts = facts;
            definition = wanted.database();
            roles = new RolePlan(wanted, facts, verifier);
            first = new ArrayList<>(roles.changes());
            problems = new ArrayList<>(roles.problems());
        }

        ServerPlan plan() {
            Optional<ServerFacts.Database> found = facts.database();
            if (wanted.claims().database().isPresent()) {
                conflict(wanted.claims().database().get());
            } else if (found.isPresent()) {
                existing(found.get());
            } else if (roles.usable(definition.owner())) {
                create();
            } else {
                problems.add(new Problem(
                        DatabaseConditionType.DATABASE_CREATED,
                        DatabaseReason.WAITING,
                        "its owner, role \"%s\", cannot be used".formatted(definition.owner())));
            }
            return new ServerPlan(
                    List.copyOf(first),
                    List.copyOf(roles.passwords()),
                    List.copyOf(roles.memberships()),
                    creation,
                    List.copyOf(database),
                    List.copyOf(problems),
                    List.copyOf(notes),
                    Set.copyOf(roles.refused()),
                    wanted.roles().stream()
                            .filter(role -> role.password().isPresent()
                                    && role.attributes().login()
                                    && roles.usable(role.name()))
                            .map(WantedRole::name)
                            .collect(Collectors.toSet()));
        }

        private void create() {
            // Before it is there: after a crash between the two it is still known whose it is.
            if (entries().stream().noneMatch(entry -> entry.resource().equals(wanted.resource()))) {
                first.add(new Change.Note(noted(Noted.Kind.DATABASE)));
            }
            creation = Optional.of(new Change.CreateDatabase(
                    definition.name(),
                    definition.owner(),
                    definition.encodingOrDefault(),
                    Optional.ofNullable(definition.locale()),
                    definition.connectionLimitOrDefault()));
            database.add(new Change.RevokeConnectFromPublic(definition.name()));
            monitor(false);
            privileges(Optional.empty());
        }

        private void existing(ServerFacts.Database before) {
            Optional<Noted.Kind> kind = ours();
            if (kind.isEmpty()) {
                return;
            }
            if (before.connectionLimit() == INVALID) {
                conflict("database \"%s\" was left behind by a deletion that was interrupted; run DROP DATABASE \"%s\""
                        .formatted(definition.name(), definition.name()));
                return;
            }
            ServerFacts.Database found = owned(before);
            if (found.connectionLimit() != definition.connectionLimitOrDefault()) {
                database.add(new Change.SetConnectionLimit(definition.name(), definition.connectionLimitOrDefault()));
            }
            differences(found);
            if (kind.get() == Noted.Kind.DATABASE) {
                if (found.publicConnects()) {
                    database.add(new Change.RevokeConnectFromPublic(definition.name()));
                }
                monitor(found.connecting().contains(MonitoringRole.NAME));
            }
            privileges(Optional.of(found));
            if (!found.allowsConnections()) {
                conflict("database \"%s\" allows no connections; run ALTER DATABASE \"%s\" ALLOW_CONNECTIONS true"
                        .formatted(definition.name(), definition.name()));
            }
        }

        /** Gives it to its owner. The privileges of the former one go along. */
        private ServerFacts.Database owned(ServerFacts.Database found) {
            if (found.owner().equals(definition.owner())) {
                return found;
            }
            if (!roles.usable(definition.owner())) {
                notes.add("it belongs to role \"%s\"".formatted(found.owner()));
                return found;
            }
            database.add(new Change.SetOwner(definition.name(), definition.owner()));
            return found.withOwner(definition.owner());
        }

        /** How the database is this resource's, now that it exists; nothing where it is not. */
        private Optional<Noted.Kind> ours() {
            Optional<Noted> mine = entries().stream()
                    .filter(entry -> entry.resource().equals(wanted.resource()))
                    .findFirst();
            if (mine.isPresent()) {
                return mine.map(Noted::kind);
            }
            Optional<Noted.Kind> kind = entries().stream()
                    .filter(entry -> entry.namespace().equals(wanted.namespace()))
                    .findFirst()
                    .map(Noted::kind)
                    .or(() -> wanted.rights().adopts() ? Optional.of(Noted.Kind.ADOPTED_DATABASE) : Optional.empty());
            if (kind.isPresent()) {
                first.add(new Change.Note(noted(kind.get())));
            } else {
                conflict(
                        wanted.rights().home()
                                ? "database \"%s\" exists, and the operator has not created it; use another name, or set the annotation %s on this resource"
                                        .formatted(definition.name(), Adoption.HOW)
                                : "database \"%s\" exists; use another name".formatted(definition.name()));
            }
            return kind;
        }

        private List<Noted> entries() {
            return facts.about(definition.name(), Noted.Kind.DATABASE, Noted.Kind.ADOPTED_DATABASE);
        }

        /** It was created with these, and PostgreSQL cannot change them. */
        private void differences(ServerFacts.Database found) {
            if (!plain(found.encoding()).equals(plain(definition.encodingOrDefault()))) {
                notes.add("its encoding is %s, not %s".formatted(found.encoding(), definition.encodingOrDefault()));
            }
            String locale = definition.locale();
            String has = found.locale().orElse(found.collate());
            if (locale != null && !plain(has).equals(plain(locale))) {
                notes.add("its locale is %s, not %s".formatted(has, locale));
            }
        }

        /** Encodings and locales have several spellings. */
        private static String plain(String name) {
            return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.@]", "");
        }

        private void monitor(boolean connects) {
            if (facts.monitor() && !connects) {
                database.add(new Change.Grant(definition.name(), Privilege.onDatabase(MonitoringRole.NAME, "CONNECT")));
            }
        }

        private void privileges(Optional<ServerFacts.Database> found) {
            List<Noted> noted = facts.ofResource(wanted.resource());
            var all = wanted.privileges(facts.version());
            for (Privilege privilege : all) {
                boolean lacking = found.filter(database -> database.connecting().contains(privilege.role()))
                        .isEmpty();
                if (privilege.scope() == Privilege.Scope.DATABASE && lacking && roles.usable(privilege.role())) {
                    database.add(new Change.Grant(definition.name(), privilege));
                    Noted entry = Noted.privilege(privilege, wanted.resource());
                    if (!noted.contains(entry)) {
                        database.add(new Change.Note(entry));
                    }
                }
            }
            for (Noted entry : noted) {
                if (entry.kind() == Noted.Kind.PRIVILEGE
                        && entry.asPrivilege().scope() == Privilege.Scope.DATABASE
                        && !all.contains(entry.asPrivilege())) {
                    if (found.filter(database -> database.connecting()
                                            .contains(entry.asPrivilege().role())
                                    // What an owner has by himself would go too.
                                    && !database.owner()
                                            .equals(entry.asPrivilege().role()))
                            .isPresent()) {
                        database.add(new Change.Revoke(definition.name(), entry.asPrivilege()));
                    }
                    database.add(new Change.Forget(entry));
                }
            }
        }

        private Noted noted(Noted.Kind kind) {
            return new Noted(kind, definition.name(), wanted.resource());
        }

        private void conflict(String message) {
            problems.add(
                    new Problem(DatabaseConditionType.DATABASE_CREATED, DatabaseReason.DATABASE_CONFLICT, message));
        }
    }
}
