package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.GivenPassword;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.PasswordSource;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The passwords of a cluster. Those in {@code <c>-credentials} are the users' to set; what is missing is made up, what is
 * derived is repaired.
 */
@Singleton
public final class CredentialsStep implements Step {

    private static final Reason INVALID = Reason.INVALID_PASSWORD;

    private final PasswordSource source = new PasswordSource();
    private final EventRecorder events;

    CredentialsStep(EventRecorder events) {
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.CREDENTIALS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        // What is generated must not overwrite what the watch has not shown yet, nor what a user made beforehand.
        Optional<Secret> current = run.observed()
                .credentials()
                .or(() -> run.applier()
                        .live(Secret.class, run.namespace(), run.names().credentialsSecret()));
        GivenPasswords given = GivenPasswords.of(run, current);
        Optional<String> refusal =
                given.refusal().map(why -> "Secret %s: %s".formatted(run.names().credentialsSecret(), why));
        if (refusal.isPresent() && given.former().isEmpty()) {
            return new Outcome.Rejected(INVALID, refusal.get() + "; write a password without it to create the cluster");
        }
        Passwords passwords = given.completed(source::next);
        Secret desired = CredentialsSecret.of(run.cluster(), passwords, GivenPasswords.asWritten(current));
        if (current.isPresent()) {
            run.applier().ensureFollows(desired, current.get());
        } else {
            run.applier().ensure(desired);
            events.record(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.CREDENTIALS_GENERATED,
                            "new passwords are in Secret " + run.names().credentialsSecret()),
                    run.now());
        }
        InternalSecrets internal = internal(run, passwords);
        run.applier().ensure(InternalSecret.of(run.cluster(), internal));
        run.applier().ensure(PatroniSecret.of(run.cluster(), passwords, internal));
        return refusal.<Outcome>map(why -> new Outcome.PartlyRejected(
                        INVALID, why + "; the former password stays in force until it is replaced by one without it"))
                .orElse(Outcome.DONE);
    }

    private InternalSecrets internal(ClusterRun run, Passwords passwords) {
        Optional<Secret> current = run.observed()
                .internal()
                .or(() -> run.applier()
                        .live(Secret.class, run.namespace(), run.names().internalSecret()));
        SortedMap<String, String> bookkeeping = current.isPresent()
                ? AppliedPasswords.read(current)
                : reusesData(run) ? new TreeMap<>() : AppliedPasswords.first(passwords, source);
        return new InternalSecrets(
                GivenPassword.of(current, InternalSecret.REST_PASSWORD) instanceof GivenPassword.Given(String known)
                        ? known
                        : source.next(),
                bookkeeping);
    }

    /** Whether volumes are older than the cluster: servers that start from them still have other passwords. */
    private static boolean reusesData(ClusterRun run) {
        Instant born = Instant.parse(run.cluster().getMetadata().getCreationTimestamp());
        return run.observed().claims().stream()
                .anyMatch(claim -> Instant.parse(claim.getMetadata().getCreationTimestamp())
                        .isBefore(born));
    }
}
