package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.ClientHold;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import com.smoketurner.postgres.cluster.run.Wakeups;
import com.smoketurner.postgres.kube.PatroniRecords;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.patroni.DynamicConfig;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes a cluster to another major version in place. What is next follows from the spec and from what members report; each
 * request can be sent twice.
 */
@Singleton
public final class UpgradeStep implements Step {

    /** So long a replica has to receive the last of the WAL. */
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofSeconds(1);

    private final UpgradeProgram program;
    private final PatroniRecords records;
    private final RepositoryQuestions questions;
    private final Wakeups wakeups;
    private final ClientHold hold;

    UpgradeStep(
            UpgradeProgram program,
            PatroniRecords records,
            RepositoryQuestions questions,
            Wakeups wakeups,
            ClientHold hold) {
        this.program = program;
        this.records = records;
        this.questions = questions;
        this.wakeups = wakeups;
        this.hold = hold;
    }

    @Override
    public Part part() {
        return Part.UPGRADE;
    }

    @Override
    public Outcome run(ClusterRun run) {
        UpgradeFacts facts = UpgradeFacts.of(run.view(), RepositoryAnswers.backups(run.view(), questions));
        Optional<UpgradePlan> plan = UpgradePlanner.of(facts);
        if (plan.isEmpty() || plan.get().state().over()) {
            leftover(run, facts);
        }
        return plan.map(next -> carryOut(run, next)).orElse(Outcome.DONE);
    }

    private Outcome carryOut(ClusterRun run, UpgradePlan plan) {
        VersionUpgrade upgrade = plan.upgrade();
        if (plan.state() == VersionUpgradeState.FAILED) {
            return upgrade.reason() == null || !upgrade.to().equals(run.spec().version())
                    ? Outcome.DONE
                    : new Outcome.Rejected(
                            Reason.of(upgrade.reason()).orElse(Reason.VERSION_UPGRADE_FAILED),
                            "%s; PostgreSQL %s serves: set spec.version back to \"%s\""
                                    .formatted(upgrade.message(), upgrade.from(), upgrade.from()));
        }
        if (plan.state() == VersionUpgradeState.COMPLETED) {
            return Outcome.DONE;
        }
        Optional<String> error = take(run, upgrade, plan.action());
        if (error.isPresent()) {
            wakeups.wakeAt(
                    ResourceID.fromResource(run.cluster()), "upgrade", run.now().plus(SOON), run.now());
        }
        String message = error.map(text -> plan.message() + "; " + text).orElse(plan.message());
        // On the way back a replica may serve while the member is copied from it.
        boolean served = plan.state() == VersionUpgradeState.RETURNING
                && run.observed().primary(run.now()).isPresent()
                && run.observed().dynamicConfig().filter(DynamicConfig::paused).isEmpty();
        return new Outcome.Working(Reason.UPGRADING, message, plan.state().outage() && !served);
    }

    /** What went wrong; nothing otherwise. */
    private Optional<String> take(ClusterRun run, VersionUpgrade upgrade, UpgradeAction action) {
        String namespace = run.namespace();
        String id = upgrade.id();
        if (!(action instanceof UpgradeAction.Wait)) {
            Log.infof("%s: %s", run.names().cluster(), action);
        }
        return switch (action) {
            case UpgradeAction.Wait() -> Optional.empty();
            case UpgradeAction.Check(String member) -> tried(() -> program.check(namespace, member, id, upgrade.to()));
            case UpgradeAction.Pause() -> record(run, true, Optional.empty());
            case UpgradeAction.Stop(String member) -> stop(run, member, id);
            case UpgradeAction.Convert(String member, String lsn) -> convert(run, upgrade, member, lsn);
            case UpgradeAction.Open(String systemId) -> record(run, false, Optional.of(systemId));
            case UpgradeAction.Abort(String member) -> tried(() -> program.start(namespace, member, "abort", id));
            case UpgradeAction.Resume() -> record(run, false, Optional.empty());
            case UpgradeAction.Discard(String member, String major) ->
                tried(() -> program.discard(namespace, member, major, id, former(upgrade)));
            case UpgradeAction.Analyze(String member) ->
                tried(() -> program.start(namespace, member, "statistics", id));
            case UpgradeAction.CleanUp(String member) -> tried(() -> program.start(namespace, member, "finish", id));
        };
    }

    /** Clients of poolers wait, as long as they can, instead of losing their connections. */
    private Optional<String> stop(ClusterRun run, String member, String id) {
        if (hold.underway(run.view())) {
            return Optional.empty();
        }
        Request request = () -> program.start(run.namespace(), member, "stop", id);
        var handover = new ClientHold.Handover() {
            @Override
            public void begin() throws IOException {
                Optional<String> error = tried(request);
                if (error.isPresent()) {
                    throw new IOException(error.get());
                }
            }

            @Override
            public void failed() {
                // What reports say decides whether it is tried again.
            }
        };
        boolean first = Optional.ofNullable(run.observed().member(member).upgrade())
                .filter(report -> report.state() == UpgradeReport.State.CHECKED)
                .isPresent();
        return first && hold.during(run, member, handover) ? Optional.empty() : tried(request);
    }

    private Optional<String> record(ClusterRun run, boolean paused, Optional<String> systemId) {
        Endpoints seen = run.observed().config().orElseThrow();
        String config =
                run.observed().dynamicConfig().orElseThrow().paused(paused).json();
        systemId.ifPresentOrElse(id -> records.replace(seen, id, config), () -> records.configure(seen, config));
        return Optional.empty();
    }

    private Optional<String> convert(ClusterRun run, VersionUpgrade upgrade, String member, String lsn) {
        UpgradeReport report =
                Objects.requireNonNull(run.observed().member(member).upgrade());
        List<Member> replicas = run.observed().members().stream()
                .filter(other -> !other.name().equals(member))
                .toList();
        int complete = (int)
                replicas.stream().filter(replica -> has(run, replica, lsn)).count();
        Instant stopped = Objects.requireNonNullElse(report.at(), run.now());
        if (complete == 0 && !replicas.isEmpty() && run.now().isBefore(stopped.plus(CATCH_UP))) {
            return Optional.of("waiting until a replica has all of its WAL, up to " + lsn);
        }
        Optional<ConversionMode> mode = ConversionMode.of(report, complete);
        if (mode.isPresent()) {
            return tried(() -> program.convert(
                    run.namespace(), member, upgrade.id(), mode.get().label(), complete));
        }
        // One that runs already is not judged anew.
        boolean runs =
                report.state() != UpgradeReport.State.STOPPED && report.state() != UpgradeReport.State.INTERRUPTED;
        return runs ? Optional.empty() : tried(() -> program.start(run.namespace(), member, "abort", upgrade.id()));
    }

    /** Whether a replica has received WAL beyond a position. */
    private boolean has(ClusterRun run, Member replica, String lsn) {
        if (!lsn.matches("[0-9A-F]{1,8}/[0-9A-F]{1,8}") || !replica.containerRuns() || replica.serverDown()) {
            return false;
        }
        try {
            return program.received(run.namespace(), replica.name(), lsn);
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private static String former(VersionUpgrade upgrade) {
        return Objects.requireNonNullElse(upgrade.formerSystem(), "unknown");
    }

    /** A volume that was not there during the last upgrade comes back with the data from before it. */
    private void leftover(ClusterRun run, UpgradeFacts facts) {
        Optional<VersionUpgrade> last = facts.shown();
        if (facts.primary().isPresent() && last.isPresent()) {
            facts.waiting().stream()
                    .findFirst()
                    .flatMap(member -> tried(() -> program.discard(
                            run.namespace(),
                            member.name(),
                            facts.running(),
                            last.get().id(),
                            former(last.get()))))
                    .ifPresent(error -> Log.infof("%s: %s", run.names().cluster(), error));
        }
    }

    private interface Request {
        PodExec.Result send();
    }

    private static Optional<String> tried(Request request) {
        try {
            PodExec.Result result = request.send();
            return result.succeeded() || result.exitCode() == UpgradeProgram.BUSY
                    ? Optional.empty()
                    : Optional.of(result.error().strip());
        } catch (KubernetesClientException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
