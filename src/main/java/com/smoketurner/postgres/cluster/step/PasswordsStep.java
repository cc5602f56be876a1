package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.postgres.PasswordSource;
import com.smoketurner.postgres.sql.HeldPoolers;
import io.fabric8.kubernetes.api.model.Secret;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Makes the servers' passwords those of the Secret: in a rotation, when a cluster starts from the volumes of a former one,
 * and when somebody has changed them by SQL. It speaks over the primary's local socket, which asks for no password, and sends
 * verifiers, never passwords.
 */
@Singleton
public final class PasswordsStep implements Step {

    /** What keeps a server from taking a password goes without an event. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final ServerRoles roles;
    private final EventRecorder events;
    private final PasswordChecks checks;
    private final StagedPasswords staged;
    private final HeldPoolers poolers;
    private final PublishedCredentials published;
    private final PasswordSource source = new PasswordSource();

    PasswordsStep(
            ServerRoles roles,
            PasswordChecks checks,
            StagedPasswords staged,
            HeldPoolers poolers,
            PublishedCredentials published,
            EventRecorder events) {
        this.roles = roles;
        this.checks = checks;
        this.staged = staged;
        this.poolers = poolers;
        this.published = published;
        this.events = events;
    }

    /**
     * What there is to do.
     *
     * @param members the Secret that the members read, which says what is wanted
     * @param applied what the servers have been given
     * @param pending roles of the operator's own that the servers have not been given yet, as they are
     */
    private record Wish(
            Secret members,
            Passwords passwords,
            SortedMap<String, String> applied,
            List<FeatureRole> features,
            Set<FeatureRole> pending) {

        boolean known() {
            return AppliedPasswords.matches(applied, passwords);
        }

        boolean recorded() {
            return known() && pending.isEmpty();
        }
    }

    @Override
    public Part part() {
        return Part.PASSWORDS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Wish> wanted = wish(run);
        if (wanted.isEmpty()) {
            return Outcome.DONE; // The credentials step has not made them.
        }
        Wish wish = wanted.get();
        // Ready or not: a cluster on old volumes gets no replica Ready before this is done.
        Optional<Member> primary = run.observed().leaderMember();
        if (wish.known() && (primary.isEmpty() || (wish.pending().isEmpty() && !checks.due(run.view())))) {
            return Outcome.DONE;
        }
        if (primary.isEmpty()) {
            return new Outcome.Working(Reason.ROTATING_CREDENTIALS, "waiting for a primary to set the passwords");
        }
        return wish.known() ? repair(run, primary.get(), wish) : rotate(run, primary.get(), wish);
    }

    private static Optional<Wish> wish(ClusterRun run) {
        List<FeatureRole> features = FeatureRole.of(run);
        SortedMap<String, String> applied = AppliedPasswords.read(run.observed().internal());
        Set<FeatureRole> pending = features.stream()
                .filter(role -> !AppliedPasswords.has(applied, role))
                .collect(Collectors.toSet());
        return run.applier()
                .find(Secret.class, run.namespace(), run.names().patroniSecret())
                .filter(secret -> SecretText.of(run.observed().internal(), InternalSecret.REST_PASSWORD)
                        .isPresent())
                .flatMap(secret -> PatroniSecret.passwordsOf(secret)
                        .map(passwords -> new Wish(secret, passwords, applied, features, pending)));
    }

    /** The servers have been given these passwords: what differs was changed by SQL, or is a role of the operator's own. */
    private Outcome repair(ClusterRun run, Member primary, Wish wish) {
        return switch (roles.give(run, primary, wish.passwords(), wish.features(), wish.pending())) {
            case ServerRoles.Failed(String words) -> failed(run, primary, words);
            case ServerRoles.Given(List<String> faults) -> {
                checks.done(run.view());
                if (!wish.recorded()) {
                    record(run, wish);
                }
                yield restored(run, faults);
            }
        };
    }

    /**
     * Other passwords, in the order in which nothing that logs in by itself is refused for longer than a moment: what members and
     * poolers log in with is in its place before the server changes its mind. Each step is done again after a crash, until the last
     * records that all are done.
     */
    private Outcome rotate(ClusterRun run, Member primary, Wish wish) {
        List<Member> without = staged.write(run, PodFile.digest(wish.members()));
        without.forEach(member -> Log.warnf("%s does not have the file with the new passwords yet", member.name()));
        Optional<Secret> current = PublishedCredentials.live(run);
        if (!stillWanted(current, wish)) {
            return new Outcome.Waiting(
                    Reason.ROTATING_CREDENTIALS,
                    "the passwords were changed again while they were brought into the pods",
                    AT_ONCE);
        }
        return switch (roles.plan(run, primary, wish.passwords(), wish.features(), wish.pending())) {
            case ServerRoles.Statements statements -> rotate(run, primary, wish, statements, current);
            case ServerRoles.Failed(String words) -> {
                published.write(run, current, wish.passwords()); // No pod can be made without the Secret.
                yield failed(run, primary, words);
            }
        };
    }

    /** Holds poolers until they have logged in with the new password. */
    private Outcome rotate(
            ClusterRun run, Member primary, Wish wish, ServerRoles.Statements statements, Optional<Secret> current) {
        HeldPoolers.Held held = poolers.hold(
                run.cluster(), CredentialsSecret.SUPERUSER, wish.passwords().superuser());
        ServerRoles.Answer answer = roles.send(run, primary, statements);
        published.write(run, current, wish.passwords());
        return switch (answer) {
            case ServerRoles.Failed(String words) -> {
                held.cancel();
                yield failed(run, primary, words);
            }
            case ServerRoles.Given(List<String> faults) -> {
                List<Member> behind = staged.reload(run, wish.passwords());
                held.await();
                yield rotated(run, wish, behind);
            }
        };
    }

    private static boolean stillWanted(Optional<Secret> current, Wish wish) {
        GivenPasswords given = GivenPasswords.of(current, Optional.of(wish.passwords()));
        return given.completed(former -> former).equals(wish.passwords());
    }

    private void record(ClusterRun run, Wish wish) {
        run.applier()
                .ensure(InternalSecret.of(
                        run.cluster(),
                        new InternalSecrets(
                                SecretText.of(run.observed().internal(), InternalSecret.REST_PASSWORD)
                                        .orElseThrow(),
                                AppliedPasswords.next(
                                        wish.applied(), wish.passwords(), wish.features(), source, run.now()))));
    }

    private static Outcome failed(ClusterRun run, Member primary, String words) {
        return new Outcome.Waiting(
                Reason.ROTATING_CREDENTIALS,
                "the passwords of Secret %s cannot be set on %s: %s; %s"
                        .formatted(run.names().credentialsSecret(), primary.name(), words, wayOut(words)),
                RETRY);
    }

    private static String wayOut(String words) {
        return OwnSession.outOfConnections(words)
                ? "end sessions of applications; the operator tries again every %d s".formatted(RETRY.toSeconds())
                : "the operator tries again every %d s".formatted(RETRY.toSeconds());
    }

    /**
     * Records that the passwords are in force.
     *
     * @param behind replicas that still log in with the former ones
     */
    private Outcome rotated(ClusterRun run, Wish wish, List<Member> behind) {
        if (!behind.isEmpty()) {
            return new Outcome.Waiting(
                    Reason.ROTATING_CREDENTIALS,
                    "the passwords of Secret %s are active, but Patroni of %s does not use them yet; it needs Patroni 4.1.1 or later"
                            .formatted(
                                    run.names().credentialsSecret(),
                                    behind.stream().map(Member::name).collect(Collectors.joining(", "))),
                    RETRY);
        }
        checks.done(run.view());
        record(run, wish);
        events.record(
                run.cluster(),
                EventMessage.of(
                        EventReason.CREDENTIALS_ROTATED,
                        "passwords from Secret %s are now active"
                                .formatted(run.names().credentialsSecret())),
                run.now());
        return Outcome.DONE;
    }

    /** The operator had set these passwords before, so what differed was changed by SQL. */
    private Outcome restored(ClusterRun run, List<String> faults) {
        if (faults.isEmpty()) {
            return Outcome.DONE;
        }
        String message = "%s; the passwords from Secret %s are active again"
                .formatted(String.join("; ", faults), run.names().credentialsSecret());
        events.logAndRecord(run.cluster(), EventMessage.of(EventReason.CREDENTIALS_RESTORED, message), run.now());
        return new Outcome.Waiting(Reason.ROTATING_CREDENTIALS, message, RETRY);
    }
}
