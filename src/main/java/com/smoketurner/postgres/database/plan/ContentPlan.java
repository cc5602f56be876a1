package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.GrantSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a database gets inside.
 *
 * @param revocations in one transaction; where there are any, the facts are read again before anything is granted
 * @param extensions each by itself: one that fails keeps back no other
 * @param grants in one transaction
 * @param notes what a user should know although all is done
 */
public record ContentPlan(
        List<Change> revocations,
        List<Change.CreateExtension> extensions,
        List<Change> grants,
        List<Problem> problems,
        List<String> notes) {

    /** Extensions that a server without their library refuses, some of them by ending the session. */
    private static final Set<String> NEEDS_PRELOAD = Set.of("citus", "pg_cron", "pgaudit", "timescaledb");

    /** One that can be created, and whose views fail without its library. */
    private static final String STATEMENTS = "pg_stat_statements";

    /** Where an extension goes that does not say itself. */
    private static final String PUBLIC = "public";

    /** All privileges that are wanted or noted, which the facts are to be about. */
    public static SortedSet<Privilege> asked(Wanted wanted, ServerFacts server) {
        SortedSet<Privilege> asked = new TreeSet<>(wanted.privileges(server.version()));
        server.ofResource(wanted.resource()).stream()
                .filter(entry -> entry.kind() == Noted.Kind.PRIVILEGE)
                .forEach(entry -> asked.add(entry.asPrivilege()));
        asked.removeIf(privilege -> privilege.scope() == Privilege.Scope.DATABASE);
        return asked;
    }

    /**
     * The plan.
     *
     * @param refused roles that are not this resource's to use
     */
    public static ContentPlan of(Wanted wanted, ServerFacts server, ContentFacts facts, Set<String> refused) {
        List<Problem> problems = new ArrayList<>();
        List<Noted> noted = server.ofResource(wanted.resource()).stream()
                .filter(entry -> entry.kind() == Noted.Kind.PRIVILEGE)
                .toList();
        SortedSet<Privilege> privileges = wanted.privileges(server.version());
        privileges.removeIf(privilege -> privilege.scope() == Privilege.Scope.DATABASE);
        incomplete(wanted, problems);
        List<Change> grants = new ArrayList<>();
        for (Privilege privilege : privileges) {
            Optional<String> missing = refused.contains(privilege.role())
                    ? Optional.of("role \"%s\" of a grant cannot be used; see RolesCreated".formatted(privilege.role()))
                    : missing(privilege, facts.of(privilege));
            if (missing.isPresent()) {
                var problem = new Problem(
                        DatabaseConditionType.GRANTS_APPLIED, DatabaseReason.OBJECT_NOT_FOUND, missing.get());
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            } else {
                grants.addAll(grant(wanted, privilege, facts.of(privilege), noted));
            }
        }
        return new ContentPlan(
                revocations(wanted, privileges, noted, facts),
                extensions(wanted, facts, problems),
                Merged.of(grants),
                List.copyOf(problems),
                notes(wanted, server, facts));
    }

    private static void incomplete(Wanted wanted, List<Problem> problems) {
        for (GrantSpec grant : wanted.grants()) {
            if (!grant.privileges().isEmpty() && grant.onTables() == null && !grant.allTablesOrDefault()) {
                problems.add(new Problem(
                        DatabaseConditionType.GRANTS_APPLIED,
                        DatabaseReason.OBJECT_NOT_FOUND,
                        "the grant of %s to role \"%s\" names no tables; set onTables to ALL or to a table"
                                .formatted(grant.privileges().getFirst().label(), grant.role())));
            }
        }
    }

    private static Optional<String> missing(Privilege privilege, ContentFacts.Holding holding) {
        if (!holding.roleExists()) {
            return Optional.of("role \"%s\" of a grant does not exist; list it under roles, or create it"
                    .formatted(privilege.role()));
        }
        if (!holding.schemaExists()) {
            return Optional.of("schema \"%s\" of a grant to role \"%s\" does not exist; create it"
                    .formatted(privilege.schema(), privilege.role()));
        }
        return privilege.scope() == Privilege.Scope.TABLE && holding.objects() == 0
                ? Optional.of("table \"%s\" in schema \"%s\" of a grant to role \"%s\" does not exist; create it"
                        .formatted(privilege.object(), privilege.schema(), privilege.role()))
                : Optional.empty();
    }

    private static List<Change> grant(
            Wanted wanted, Privilege privilege, ContentFacts.Holding holding, List<Noted> noted) {
        List<Change> changes = new ArrayList<>();
        if (holding.lacking() > 0) {
            changes.add(new Change.Grant(wanted.database().name(), privilege));
        }
        holding.lackingDefaults().forEach(creator -> changes.add(new Change.GrantDefault(creator, privilege)));
        Noted entry = Noted.privilege(privilege, wanted.resource());
        if (!changes.isEmpty() && !noted.contains(entry)) {
            changes.add(new Change.Note(entry));
        }
        return changes;
    }

    private static List<Change> revocations(
            Wanted wanted, SortedSet<Privilege> privileges, List<Noted> noted, ContentFacts facts) {
        List<Change> changes = new ArrayList<>();
        for (Noted entry : noted) {
            Privilege privilege = entry.asPrivilege();
            if (privilege.scope() == Privilege.Scope.DATABASE || privileges.contains(privilege)) {
                continue;
            }
            ContentFacts.Holding holding = facts.of(privilege);
            changes.addAll(revoke(wanted.database().name(), privilege, holding));
            holding.heldDefaults().forEach(creator -> changes.add(new Change.RevokeDefault(creator, privilege)));
            changes.add(new Change.Forget(entry));
        }
        return Merged.of(changes);
    }

    /** A revocation from the owner of an object would take what he has by himself. */
    private static List<Change> revoke(String database, Privilege privilege, ContentFacts.Holding holding) {
        if (holding.held() == 0) {
            return List.of();
        }
        if (!holding.owns()) {
            return List.of(new Change.Revoke(database, privilege));
        }
        return privilege.scope() == Privilege.Scope.TABLES
                ? holding.others().stream()
                        .<Change>map(table -> new Change.Revoke(database, privilege.on(table)))
                        .toList()
                : List.of();
    }

    private static List<Change.CreateExtension> extensions(Wanted wanted, ContentFacts facts, List<Problem> problems) {
        List<Change.CreateExtension> extensions = new ArrayList<>();
        for (String name : wanted.extensions()) {
            if (facts.installed().contains(name)) {
                continue;
            }
            Optional<Problem> problem = extensionProblem(wanted, facts, name);
            if (problem.isPresent()) {
                problems.add(problem.get());
                continue;
            }
            boolean fixed =
                    Objects.requireNonNull(facts.available().get(name)).schema().isPresent();
            extensions.add(new Change.CreateExtension(
                    name,
                    fixed ? Optional.empty() : Optional.of(PUBLIC),
                    // PostgreSQL then judges what the owner of a database may have.
                    wanted.rights().privileged()
                            ? Optional.empty()
                            : Optional.of(wanted.database().owner())));
        }
        // Those that need others come after those that do not.
        extensions.sort(Comparator.comparingInt(extension -> depth(extension.name(), wanted.extensions(), facts, 0)));
        return List.copyOf(extensions);
    }

    private static Optional<Problem> extensionProblem(Wanted wanted, ContentFacts facts, String name) {
        ContentFacts.Extension available = facts.available().get(name);
        if (available == null) {
            return Optional.of(new Problem(
                    DatabaseConditionType.EXTENSIONS_CREATED,
                    DatabaseReason.EXTENSION_NOT_AVAILABLE,
                    "extension \"%s\" is not in the image of the cluster; remove it from the list, or use an image that has it"
                            .formatted(name)));
        }
        if (!available.trusted() && !wanted.rights().privileged()) {
            return Optional.of(new Problem(
                    DatabaseConditionType.EXTENSIONS_CREATED,
                    DatabaseReason.PRIVILEGE_NOT_PERMITTED,
                    "extension \"%s\" gives rights of a superuser and is not permitted; %s"
                            .formatted(name, Reserved.WHO_MAY)));
        }
        if (NEEDS_PRELOAD.contains(name) && !facts.preloads(name)) {
            return Optional.of(new Problem(
                    DatabaseConditionType.EXTENSIONS_CREATED,
                    DatabaseReason.PROVISIONING_FAILED,
                    "extension \"%s\" needs its library in shared_preload_libraries; add it to spec.postgresqlParams of the cluster"
                            .formatted(name)));
        }
        List<String> needed = available.requires().stream()
                .filter(other -> !facts.installed().contains(other)
                        && !wanted.extensions().contains(other))
                .toList();
        return needed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        DatabaseConditionType.EXTENSIONS_CREATED,
                        DatabaseReason.PROVISIONING_FAILED,
                        "extension \"%s\" needs %s; add it to the list".formatted(name, String.join(", ", needed))));
    }

    private static int depth(String name, List<String> listed, ContentFacts facts, int level) {
        ContentFacts.Extension extension = facts.available().get(name);
        return extension == null || level > listed.size()
                ? 0
                : extension.requires().stream()
                        .filter(listed::contains)
                        .mapToInt(needed -> 1 + depth(needed, listed, facts, level + 1))
                        .max()
                        .orElse(0);
    }

    private static List<String> notes(Wanted wanted, ServerFacts server, ContentFacts facts) {
        boolean adopted = server.database().isPresent()
                && server.about(wanted.database().name(), Noted.Kind.DATABASE).isEmpty();
        List<String> notes = new ArrayList<>();
        if (adopted && !facts.otherOwners().isEmpty()) {
            notes.add("tables belong to other roles: " + String.join(", ", facts.otherOwners()));
        }
        if (wanted.extensions().contains(STATEMENTS) && !facts.preloads(STATEMENTS)) {
            notes.add("the views of pg_stat_statements fail until the cluster has it in shared_preload_libraries");
        }
        return List.copyOf(notes);
    }
}
