package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.PodExec;
import com.smoketurner.postgres.postgres.Identifiers;
import com.smoketurner.postgres.postgres.Literals;
import com.smoketurner.postgres.postgres.Scram;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the servers' passwords those of the Secret: after a rotation, and when a cluster starts from the volumes of a
 * former one. It speaks over the primary's local socket, which asks for no password, and sends verifiers, never passwords.
 */
@Singleton
public final class PasswordsStep implements Step {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final PodExec exec;
    private final EventRecorder events;
    private final PasswordSource source = new PasswordSource();

    PasswordsStep(PodExec exec, EventRecorder events) {
        this.exec = exec;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.PASSWORDS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<String> superuser = SecretText.of(run.observed().credentials(), CredentialsSecret.PASSWORD);
        Optional<String> replication =
                SecretText.of(run.observed().credentials(), CredentialsSecret.REPLICATION_PASSWORD);
        Optional<String> rest = SecretText.of(run.observed().internal(), InternalSecret.REST_PASSWORD);
        if (superuser.isEmpty() || replication.isEmpty() || rest.isEmpty()) {
            return Outcome.DONE; // The credentials step has just made them; their watch event comes.
        }
        Passwords passwords = new Passwords(superuser.get(), replication.get());
        if (AppliedPasswords.matches(AppliedPasswords.read(run.observed().internal()), passwords)) {
            return Outcome.DONE;
        }
        // Ready or not: a cluster on old volumes gets no replica Ready before this is done.
        Optional<Member> primary = run.observed().leaderMember();
        if (primary.isEmpty()) {
            return new Outcome.Working("RotatingCredentials", "waiting for a primary to set the passwords");
        }
        apply(run, primary.get(), passwords);
        run.applier()
                .ensure(InternalSecret.of(
                        run.cluster(), new InternalSecrets(rest.get(), AppliedPasswords.record(passwords, source))));
        events.send(
                run.cluster(),
                Announcement.normal(
                        "CredentialsRotated",
                        "the servers have the passwords of Secret "
                                + run.names().credentialsSecret()),
                run.now());
        return Outcome.DONE;
    }

    private void apply(ClusterRun run, Member primary, Passwords passwords) {
        // psql sees no end of file here, so it is told when to quit.
        String script = "BEGIN;\n"
                + alter(CredentialsSecret.SUPERUSER, passwords.superuser())
                + alter(CredentialsSecret.REPLICATION_USER, passwords.replication())
                + "COMMIT;\n\\q\n";
        PodExec.Result result = exec.run(
                run.namespace(),
                primary.name(),
                Member.CONTAINER,
                script,
                TIMEOUT,
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                CredentialsSecret.SUPERUSER,
                "-d",
                "postgres",
                "-f",
                "-");
        if (!result.succeeded()) {
            throw new KubernetesClientException("the passwords could not be set on %s: psql ended with %d"
                    .formatted(primary.name(), result.exitCode()));
        }
    }

    private String alter(String role, String password) {
        String verifier = Scram.verifier(password, source.salt(Scram.SALT_BYTES), Scram.DEFAULT_ITERATIONS);
        return "ALTER ROLE %s PASSWORD %s;\n".formatted(Identifiers.quote(role), Literals.quote(verifier));
    }
}
