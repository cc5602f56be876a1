package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.MonitoringSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Psql;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.LoginRole;
import com.smoketurner.postgres.postgres.MonitoringRole;
import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.postgres.Scram;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    record Failed(String words) implements Answer {}

    /**
     * A role and what it is to be.
     *
     * @param definition the statements after a change of it
     * @param expected whether a fault is the operator's own work to come, which nobody else has caused
     */
    private record Wanted(
            String name, String password, boolean replicates, List<String> definition, boolean expected) {}

    /**
     * Makes sure that the roles can log in with these passwords.
     *
     * @param monitoring password of the role that reads metrics; without one nobody can log in as that role
     * @param monitored whether the server has been given that password before
     */
    Answer give(ClusterRun run, Member primary, Passwords passwords, Optional<String> monitoring, boolean monitored) {
        List<Wanted> all = new ArrayList<>(List.of(
                new Wanted(CredentialsSecret.SUPERUSER, passwords.superuser(), false, List.of(), false),
                new Wanted(CredentialsSecret.REPLICATION_USER, passwords.replication(), true, List.of(), false)));
        monitoring.ifPresent(password -> all.add(new Wanted(
                MonitoringSecret.ROLE, password, false, MonitoringRole.define(MonitoringSecret.ROLE), !monitored)));
        try {
            PodExec.Result found = Psql.query(
                    exec,
                    run.namespace(),
                    primary.name(),
                    LoginRole.query(List.of(
                            CredentialsSecret.SUPERUSER, CredentialsSecret.REPLICATION_USER, MonitoringSecret.ROLE)));
            return found.succeeded() ? give(run, primary, all, LoginRole.parse(found.output())) : failed(found);
        } catch (KubernetesClientException e) {
            return new Failed(String.valueOf(e.getMessage()));
        }
    }

    private Answer give(ClusterRun run, Member primary, List<Wanted> all, List<LoginRole> roles) {
        List<String> faults = new ArrayList<>();
        List<String> statements = new ArrayList<>(List.of("BEGIN"));
        for (Wanted wanted : all) {
            Optional<LoginRole> role = LoginRole.find(roles, wanted.name());
            LoginRole.fault(role, wanted.name(), wanted.password(), wanted.replicates())
                    .ifPresent(fault -> {
                        if (!wanted.expected()) {
                            faults.add(fault);
                        }
                        statements.add(LoginRole.repair(
                                role,
                                wanted.name(),
                                wanted.password(),
                                wanted.replicates(),
                                source.salt(Scram.SALT_BYTES)));
                        statements.addAll(wanted.definition());
                    });
        }
        if (all.stream().noneMatch(wanted -> wanted.name().equals(MonitoringSecret.ROLE))
                && LoginRole.find(roles, MonitoringSecret.ROLE)
                        .filter(LoginRole::login)
                        .isPresent()) {
            statements.add(MonitoringRole.retire(MonitoringSecret.ROLE));
        }
        if (statements.size() == 1) {
            return new Given(faults);
        }
        statements.add("COMMIT");
        PodExec.Result result = Psql.secretly(exec, run.namespace(), primary.name(), statements);
        return result.succeeded() ? new Given(faults) : failed(result);
    }

    private static Answer failed(PodExec.Result result) {
        return new Failed(OwnSession.words(result.error()));
    }
}
