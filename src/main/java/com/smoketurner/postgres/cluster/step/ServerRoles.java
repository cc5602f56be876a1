package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.LoginRole;
import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.postgres.PasswordSource;
import com.smoketurner.postgres.postgres.Scram;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The roles that the operator has passwords for, on a running server: reads them, and changes those that differ. */
@Singleton
final class ServerRoles {

    private final PodExec exec;
    private final PasswordSource source = new PasswordSource();

    ServerRoles(PodExec exec) {
        this.exec = exec;
    }

    /** What came of it. */
    sealed interface Answer {}

    /** What is to be sent, or why that cannot be told. */
    sealed interface Plan {}

    /**
     * What makes the roles what they are to be.
     *
     * @param statements none where they are
     * @param faults what was wrong with roles before, as a client was told
     */
    record Statements(List<String> statements, List<String> faults) implements Plan {
        /** Verifiers do not belong in logs. */
        @Override
        public String toString() {
            return "Statements[" + statements.size() + "]";
        }
    }

    /**
     * Clients can log in with these passwords.
     *
     * @param faults what was wrong with roles before, as a client was told; empty when nothing was changed
     */
    record Given(List<String> faults) implements Answer {}

    /**
     * The server did not take them.
     *
     * @param words why, in its own words
     */
    record Failed(String words) implements Answer, Plan {}

    /**
     * A role and what it is to be.
     *
     * @param definition the statements that make it what it is to be
     * @param check the query that answers {@code t} while it is; absent where the role alone is enough
     * @param expected whether a fault is the operator's own work to come, which nobody else has caused
     */
    private record Wanted(
            String name,
            String password,
            boolean replicates,
            List<String> definition,
            Optional<String> check,
            boolean expected) {
        static Wanted of(String name, String password, boolean replicates) {
            return new Wanted(name, password, replicates, List.of(), Optional.empty(), false);
        }
    }

    /**
     * Makes sure that the roles can log in with these passwords.
     *
     * @param features the operator's own; nobody can log in as one without a password
     * @param pending those that the server has not been given yet, as they are
     */
    Answer give(
            ClusterRun run, Member primary, Passwords passwords, List<FeatureRole> features, Set<FeatureRole> pending) {
        return switch (plan(run, primary, passwords, features, pending)) {
            case Statements statements -> send(run, primary, statements);
            case Failed failed -> failed;
        };
    }

    /** Compares the roles with what they are to be. */
    Plan plan(
            ClusterRun run, Member primary, Passwords passwords, List<FeatureRole> features, Set<FeatureRole> pending) {
        List<Wanted> all = new ArrayList<>(List.of(
                Wanted.of(CredentialsSecret.SUPERUSER, passwords.superuser(), false),
                Wanted.of(CredentialsSecret.REPLICATION_USER, passwords.replication(), true)));
        List<String> names = new ArrayList<>(all.stream().map(Wanted::name).toList());
        features.forEach(role -> names.add(role.name()));
        try {
            PodExec.Result found = query(run, primary, LoginRole.query(names));
            if (!found.succeeded()) {
                return failed(found);
            }
            List<LoginRole> roles = LoginRole.parse(found.output());
            List<String> statements = new ArrayList<>();
            for (FeatureRole role : features) {
                if (role.password().isPresent()) {
                    all.add(new Wanted(
                            role.name(),
                            role.password().get(),
                            false,
                            role.definition(),
                            role.check(),
                            pending.contains(role)));
                } else if (LoginRole.find(roles, role.name())
                        .filter(LoginRole::login)
                        .isPresent()) {
                    statements.add(role.retirement());
                }
            }
            return plan(run, primary, all, roles, statements);
        } catch (KubernetesClientException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    private boolean damaged(ClusterRun run, Member primary, Wanted wanted) {
        return wanted.check()
                .map(check -> query(run, primary, check))
                .filter(answer ->
                        !answer.succeeded() || !answer.output().strip().equals("t"))
                .isPresent();
    }

    private PodExec.Result query(ClusterRun run, Member primary, String statement) {
        return Psql.query(exec, run.namespace(), primary.name(), statement);
    }

    private Plan plan(
            ClusterRun run, Member primary, List<Wanted> all, List<LoginRole> roles, List<String> statements) {
        List<String> faults = new ArrayList<>();
        for (Wanted wanted : all) {
            Optional<LoginRole> role = LoginRole.find(roles, wanted.name());
            Optional<String> fault = LoginRole.fault(role, wanted.name(), wanted.password(), wanted.replicates());
            if (fault.isPresent()) {
                if (!wanted.expected()) {
                    faults.add(fault.get());
                }
                statements.add(LoginRole.repair(
                        role, wanted.name(), wanted.password(), wanted.replicates(), source.salt(Scram.SALT_BYTES)));
                statements.addAll(wanted.definition());
            } else if (wanted.expected()) {
                statements.addAll(wanted.definition());
            } else if (damaged(run, primary, wanted)) {
                faults.add("what role \"%s\" needs was changed by SQL".formatted(wanted.name()));
                statements.addAll(wanted.definition());
            }
        }
        return new Statements(statements, faults);
    }

    /** Sends what has been planned, all of it or nothing. */
    Answer send(ClusterRun run, Member primary, Statements plan) {
        if (plan.statements().isEmpty()) {
            return new Given(plan.faults());
        }
        List<String> transaction = new ArrayList<>(List.of("BEGIN"));
        transaction.addAll(plan.statements());
        transaction.add("COMMIT");
        try {
            PodExec.Result result = Psql.secretly(exec, run.namespace(), primary.name(), transaction);
            return result.succeeded() ? new Given(plan.faults()) : failed(result);
        } catch (KubernetesClientException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    private static Failed failed(PodExec.Result result) {
        return new Failed(OwnSession.words(result.error()));
    }
}
