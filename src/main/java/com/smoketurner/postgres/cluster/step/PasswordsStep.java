package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.PasswordSource;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.postgres.OwnSession;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Makes the servers' passwords those of the Secret: after a rotation, when a cluster starts from the volumes of a former one,
 * and when somebody has changed them by SQL. It speaks over the primary's local socket, which asks for no password, and sends
 * verifiers, never passwords.
 */
@Singleton
public final class PasswordsStep implements Step {

    /** What keeps a server from taking a password goes without an event. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ServerRoles roles;
    private final EventRecorder events;
    private final PasswordChecks checks;
    private final MemberPods pods;
    private final PasswordSource source = new PasswordSource();

    PasswordsStep(ServerRoles roles, PasswordChecks checks, MemberPods pods, EventRecorder events) {
        this.roles = roles;
        this.pods = pods;
        this.checks = checks;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.PASSWORDS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Passwords> wanted =
                GivenPasswords.of(run, run.observed().credentials()).inForce();
        Optional<String> rest = SecretText.of(run.observed().internal(), InternalSecret.REST_PASSWORD);
        if (wanted.isEmpty() || rest.isEmpty()) {
            return Outcome.DONE; // The credentials step has just made them; their watch event comes.
        }
        Passwords passwords = wanted.get();
        SortedMap<String, String> applied = AppliedPasswords.read(run.observed().internal());
        List<FeatureRole> features = FeatureRole.of(run);
        boolean known = AppliedPasswords.matches(applied, passwords);
        Set<FeatureRole> pending = features.stream()
                .filter(role -> !AppliedPasswords.has(applied, role))
                .collect(Collectors.toSet());
        // Ready or not: a cluster on old volumes gets no replica Ready before this is done.
        Optional<Member> primary = run.observed().leaderMember();
        if (known && (primary.isEmpty() || (pending.isEmpty() && !checks.due(run.view())))) {
            return Outcome.DONE;
        }
        if (primary.isEmpty()) {
            return new Outcome.Working(Reason.ROTATING_CREDENTIALS, "waiting for a primary to set the passwords");
        }
        ServerRoles.Answer answer = roles.give(run, primary.get(), passwords, features, pending);
        return switch (answer) {
            case ServerRoles.Failed(String words) ->
                new Outcome.Waiting(
                        Reason.ROTATING_CREDENTIALS,
                        "the passwords of Secret %s cannot be set on %s: %s; %s"
                                .formatted(
                                        run.names().credentialsSecret(),
                                        primary.get().name(),
                                        words,
                                        wayOut(words)),
                        RETRY);
            case ServerRoles.Given(List<String> faults) -> {
                checks.done(run.view());
                if (!known || !pending.isEmpty()) {
                    run.applier()
                            .ensure(InternalSecret.of(
                                    run.cluster(),
                                    new InternalSecrets(
                                            rest.get(),
                                            AppliedPasswords.next(applied, passwords, features, source, run.now()))));
                }
                yield known ? restored(run, faults) : rotated(run);
            }
        };
    }

    private static String wayOut(String words) {
        return OwnSession.outOfConnections(words)
                ? "end sessions of applications; the operator tries again every %d s".formatted(RETRY.toSeconds())
                : "the operator tries again every %d s".formatted(RETRY.toSeconds());
    }

    private Outcome rotated(ClusterRun run) {
        events.record(
                run.cluster(),
                EventMessage.of(
                        EventReason.CREDENTIALS_ROTATED,
                        "passwords from Secret %s are now active"
                                .formatted(run.names().credentialsSecret())),
                run.now());
        Map<String, String> note = Map.of(
                Annotations.PASSWORDS_CHANGED,
                run.now().truncatedTo(ChronoUnit.SECONDS).toString());
        run.observed()
                .members()
                .forEach(member -> pods.mark(run.applier(), run.namespace(), member.name(), Map.of(), note));
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
