package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.postgres.GivenPassword;
import com.smoketurner.postgres.postgres.PasswordSource;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The passwords of a cluster. Those in {@code <c>-credentials} are the users' to set; what is missing is made up, what is
 * derived is repaired.
 */
@Singleton
public final class CredentialsStep implements Step {

    private static final Reason INVALID = Reason.INVALID_PASSWORD;

    private final PasswordSource source = new PasswordSource();
    private final PublishedCredentials published;

    CredentialsStep(PublishedCredentials published) {
        this.published = published;
    }

    @Override
    public Part part() {
        return Part.CREDENTIALS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Secret> current = PublishedCredentials.current(run);
        GivenPasswords given = GivenPasswords.of(run, current);
        Optional<String> refusal =
                given.refusal().map(why -> "Secret %s: %s".formatted(run.names().credentialsSecret(), why));
        if (refusal.isPresent() && given.former().isEmpty()) {
            return new Outcome.Rejected(
                    INVALID, refusal.get() + "; write another password, or remove the key to have one generated");
        }
        Optional<Secret> known = run.observed()
                .internal()
                .or(() -> run.applier()
                        .live(Secret.class, run.namespace(), run.names().internalSecret()));
        SortedMap<String, String> applied = AppliedPasswords.read(known);
        Passwords passwords = given.completed(former -> missing(run, current, given, former, applied));
        if (!given.incomplete() || !serversComeFirst(run, applied)) {
            published.write(run, current, passwords);
        }
        SortedMap<String, String> record =
                known.isPresent() || reusesData(run) ? applied : AppliedPasswords.first(passwords, source);
        if (PublishedCredentials.foreign(run, current)) {
            record.put(InternalSecret.CONNECTION, "true");
        } else {
            record.remove(InternalSecret.CONNECTION);
        }
        InternalSecrets internal = new InternalSecrets(restPassword(known), record);
        run.applier().ensure(InternalSecret.of(run.cluster(), internal));
        run.applier().ensure(PatroniSecret.of(run.cluster(), passwords, internal));
        return refusal.<Outcome>map(
                        why -> new Outcome.PartlyRejected(
                                INVALID,
                                why
                                        + "; the former password stays in force until you write another, or remove the key to have one generated"))
                .orElse(Outcome.DONE);
    }

    /**
     * A password that nobody has given. One that is on its way to the servers already is not replaced by another, and one that
     * cannot be written into the Secret, because it is another controller's, stays.
     */
    private Optional<String> missing(
            ClusterRun run,
            Optional<Secret> current,
            GivenPasswords given,
            Optional<String> former,
            Map<String, String> applied) {
        boolean underWay = !applied.isEmpty()
                && given.former()
                        .filter(passwords -> !AppliedPasswords.matches(applied, passwords))
                        .isPresent();
        return underWay || PublishedCredentials.foreign(run, current)
                ? former.or(() -> Optional.of(source.next()))
                : Optional.of(source.next());
    }

    /** Generated passwords are shown to clients when they are in force, where there is a server that can be given them. */
    private static boolean serversComeFirst(ClusterRun run, Map<String, String> applied) {
        return !applied.isEmpty()
                && run.observed().leaderMember().isPresent()
                && (!run.spec().tlsEnabled() || run.observed().certificateIssued());
    }

    private String restPassword(Optional<Secret> internal) {
        return GivenPassword.of(internal, InternalSecret.REST_PASSWORD) instanceof GivenPassword.Given(String known)
                ? known
                : source.next();
    }

    /** Whether volumes are older than the cluster: servers that start from them still have other passwords. */
    private static boolean reusesData(ClusterRun run) {
        Instant born = Instant.parse(run.cluster().getMetadata().getCreationTimestamp());
        return run.observed().claims().stream()
                .anyMatch(claim -> Instant.parse(claim.getMetadata().getCreationTimestamp())
                        .isBefore(born));
    }
}
