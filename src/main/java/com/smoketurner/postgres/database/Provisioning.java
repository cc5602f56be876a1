package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.database.plan.Change;
import com.smoketurner.postgres.database.plan.ContentFacts;
import com.smoketurner.postgres.database.plan.ContentPlan;
import com.smoketurner.postgres.database.plan.Privilege;
import com.smoketurner.postgres.database.plan.Problem;
import com.smoketurner.postgres.database.plan.Registry;
import com.smoketurner.postgres.database.plan.ServerFacts;
import com.smoketurner.postgres.database.plan.ServerPlan;
import com.smoketurner.postgres.database.plan.Wanted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/**
 * Reads what a server has, and sends what it lacks: roles, then the database, then what is in it. It can be ended between any two
 * statements; the next run goes on from what the server has then.
 */
final class Provisioning {

    private final Sql sql;
    private final Wanted wanted;
    private final UnaryOperator<String> verifier;
    private final PasswordChange passwords;
    private final List<Change> made = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<DatabaseConditionType> looked = EnumSet.noneOf(DatabaseConditionType.class);
    private Set<String> valid = Set.of();

    private Provisioning(Sql sql, Wanted wanted, UnaryOperator<String> verifier, PasswordChange passwords) {
        this.sql = sql;
        this.wanted = wanted;
        this.verifier = verifier;
        this.passwords = passwords;
    }

    /**
     * What came of it.
     *
     * @param serves false when the server takes no writes: then nothing was tried
     * @param made in the order in which it was made
     * @param notes what a user should know although all is done
     * @param looked which parts were compared with the spec
     * @param valid roles that can log in with the password that is wanted
     * @param asked what the server was asked about
     * @param answer what it has answered, before anything was made
     */
    record Result(
            boolean serves,
            List<Change> made,
            List<Problem> problems,
            List<String> notes,
            Set<DatabaseConditionType> looked,
            Set<String> valid,
            String asked,
            String answer) {}

    /**
     * Brings a server to what is wanted.
     *
     * @param verifier makes a verifier of a password, with a new salt
     * @param passwords what is done around a change of passwords
     * @throws SqlFailed if the server is not reached
     */
    static Result run(Sql sql, Wanted wanted, UnaryOperator<String> verifier, PasswordChange passwords) {
        return new Provisioning(sql, wanted, verifier, passwords).run();
    }

    /** Creates the registry where there is none. */
    static void prepare(Sql sql) {
        if (!hasRegistry(sql)) {
            sql.change(Sql.HOME, Registry.CREATE);
        }
    }

    /**
     * Whether there is a registry.
     *
     * @throws SqlFailed also when it is somebody else's
     */
    static boolean hasRegistry(Sql sql) {
        return switch (sql.read(Sql.HOME, Registry.CHECK).strip()) {
            case "safe" -> true;
            case "missing" -> false;
            default -> throw new SqlFailed(Registry.FOREIGN, true);
        };
    }

    private Result run() {
        String asked = ServerFacts.asked(wanted);
        String answer = ServerFacts.answers(sql.read(Sql.HOME, ServerFacts.query(List.of(asked))))
                .getFirst();
        ServerFacts facts = ServerFacts.parse(answer);
        if (facts.replica()) {
            return new Result(false, List.of(), List.of(), List.of(), Set.of(), Set.of(), asked, answer);
        }
        ServerPlan plan = ServerPlan.of(wanted, facts, verifier);
        problems.addAll(plan.problems());
        notes.addAll(plan.notes());
        List<Batch> batches = new ArrayList<>();
        batches.add(Batch.transaction(DatabaseConditionType.ROLES_CREATED, Sql.HOME, plan.roles()));
        batches.add(Batch.transaction(DatabaseConditionType.ROLES_CREATED, Sql.HOME, plan.passwords()));
        plan.creation()
                .ifPresent(creation ->
                        batches.add(Batch.alone(DatabaseConditionType.DATABASE_CREATED, Sql.HOME, creation)));
        batches.add(Batch.transaction(DatabaseConditionType.DATABASE_CREATED, Sql.HOME, plan.database()));
        looked.add(DatabaseConditionType.ROLES_CREATED);
        boolean complete = passwords.around(changed(plan), () -> send(batches));
        if (made.containsAll(plan.roles()) && made.containsAll(plan.passwords())) {
            valid = plan.valid();
            looked.add(DatabaseConditionType.DATABASE_CREATED);
            send(List.of(Batch.transaction(DatabaseConditionType.ROLES_CREATED, Sql.HOME, plan.memberships())));
        }
        if (complete && plan.hasDatabase()) {
            looked.add(DatabaseConditionType.EXTENSIONS_CREATED);
            looked.add(DatabaseConditionType.GRANTS_APPLIED);
            try {
                fill(facts, plan.refused());
            } catch (SqlFailed e) {
                // What was made before is reported all the same, and its Secrets are written.
                problems.add(new Problem(
                        DatabaseConditionType.GRANTS_APPLIED, DatabaseReason.PROVISIONING_FAILED, e.words()));
            }
        }
        return new Result(
                true,
                List.copyOf(made),
                List.copyOf(problems),
                List.copyOf(notes),
                Set.copyOf(looked),
                valid,
                asked,
                answer);
    }

    /** The passwords that existing roles get, by their names. */
    private Map<String, String> changed(ServerPlan plan) {
        Map<String, String> changed = new LinkedHashMap<>();
        for (Change change : plan.passwords()) {
            if (change instanceof Change.SetPassword(String role, String text)) {
                changed.put(role, wanted.password(role));
            }
        }
        return changed;
    }

    private void fill(ServerFacts server, Set<String> refused) {
        ContentPlan plan = plan(server, refused);
        if (!plan.revocations().isEmpty() && sendWithNotes(plan.revocations())) {
            plan = plan(server, refused); // What was revoked from all may have been granted on one.
        }
        if (!plan.extensions().isEmpty()) {
            String database = wanted.database().name();
            plan.extensions()
                    .forEach(extension ->
                            send(List.of(Batch.alone(DatabaseConditionType.EXTENSIONS_CREATED, database, extension))));
            plan = plan(server, refused); // They bring objects with them.
        }
        problems.addAll(plan.problems());
        notes.addAll(plan.notes());
        sendWithNotes(plan.grants());
    }

    private ContentPlan plan(ServerFacts server, Set<String> refused) {
        SortedSet<Privilege> asked = ContentPlan.asked(wanted, server);
        String answer = sql.read(wanted.database().name(), ContentFacts.query(wanted, asked));
        return ContentPlan.of(wanted, server, ContentFacts.parse(answer, asked), refused);
    }

    /** What is granted is noted before, and what is revoked forgotten after: the registry is in another database. */
    private boolean sendWithNotes(List<Change> changes) {
        List<Change> notes =
                changes.stream().filter(Change.Note.class::isInstance).toList();
        List<Change> forgotten =
                changes.stream().filter(Change.Forget.class::isInstance).toList();
        List<Change> rest = changes.stream()
                .filter(change -> !notes.contains(change) && !forgotten.contains(change))
                .toList();
        return send(List.of(
                Batch.transaction(DatabaseConditionType.GRANTS_APPLIED, Sql.HOME, notes),
                Batch.transaction(
                        DatabaseConditionType.GRANTS_APPLIED, wanted.database().name(), rest),
                Batch.transaction(DatabaseConditionType.GRANTS_APPLIED, Sql.HOME, forgotten)));
    }

    /** Sends batches in one request, until one fails. */
    private boolean send(List<Batch> batches) {
        List<Batch> all =
                batches.stream().filter(batch -> !batch.changes().isEmpty()).toList();
        if (all.isEmpty()) {
            return true;
        }
        try {
            sql.change(all.stream().map(Batch::script).toList());
            all.forEach(batch -> made.addAll(batch.changes()));
            return true;
        } catch (SqlFailed e) {
            if (!e.refused()) {
                throw e;
            }
            all.subList(0, e.done()).forEach(batch -> made.addAll(batch.changes()));
            problems.add(new Problem(all.get(e.done()).part(), DatabaseReason.PROVISIONING_FAILED, e.words()));
            return false;
        }
    }
}
