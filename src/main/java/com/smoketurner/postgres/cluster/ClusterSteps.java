package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.status.ClusterReport;
import com.smoketurner.postgres.cluster.step.AccessStep;
import com.smoketurner.postgres.cluster.step.ConfigurationStep;
import com.smoketurner.postgres.cluster.step.CredentialsStep;
import com.smoketurner.postgres.cluster.step.DisruptionBudgetStep;
import com.smoketurner.postgres.cluster.step.DisruptionStep;
import com.smoketurner.postgres.cluster.step.MembersStep;
import com.smoketurner.postgres.cluster.step.PasswordsStep;
import com.smoketurner.postgres.cluster.step.ReadersStep;
import com.smoketurner.postgres.cluster.step.RebuildStep;
import com.smoketurner.postgres.cluster.step.ReloadStep;
import com.smoketurner.postgres.cluster.step.RoutingStep;
import com.smoketurner.postgres.cluster.step.ServicesStep;
import com.smoketurner.postgres.cluster.step.StorageStep;
import com.smoketurner.postgres.cluster.step.SwitchoverStep;
import com.smoketurner.postgres.cluster.step.TlsStep;
import com.smoketurner.postgres.cluster.step.UserLabelsStep;
import com.smoketurner.postgres.kube.NamespaceTerminating;
import com.smoketurner.postgres.kube.ResourceConflict;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The order of a reconciliation. */
@Singleton
final class ClusterSteps {

    /** A namespace that is being deleted takes its clusters with it; nothing is left to do but wait. */
    private static final Duration DOOMED = Duration.ofSeconds(30);

    private final List<Step> steps;
    /** What runs keeps being routed: a bad edit never costs more than the edit. */
    private final List<Step> always;

    private final CreationObserver creation;
    private final ServerVersions versions;

    ClusterSteps(
            CredentialsStep credentials,
            AccessStep access,
            ConfigurationStep configuration,
            ServicesStep services,
            DisruptionBudgetStep disruptionBudget,
            StorageStep storage,
            TlsStep tls,
            MembersStep members,
            UserLabelsStep userLabels,
            RoutingStep routing,
            ReadersStep readers,
            PasswordsStep passwords,
            ReloadStep reload,
            RebuildStep rebuild,
            SwitchoverStep switchover,
            DisruptionStep disruption,
            CreationObserver creation,
            ServerVersions versions) {
        this.steps = List.of(
                credentials,
                access,
                configuration,
                services,
                disruptionBudget,
                storage,
                tls,
                members,
                userLabels,
                routing,
                readers,
                passwords,
                reload,
                rebuild,
                switchover,
                disruption);
        this.always = List.of(routing, readers);
        this.creation = creation;
        this.versions = versions;
    }

    /** Takes the steps one after the other, as far as they get. */
    ClusterReport run(ClusterRun run) {
        List<Outcome> outcomes = new ArrayList<>();
        Optional<Outcome.Rejected> invalid = Validation.of(run.cluster(), run.observed());
        if (invalid.isPresent() || run.paused()) {
            invalid.ifPresent(outcomes::add);
            // What runs keeps being routed: neither a bad edit nor a pause sends clients to a former primary.
            always.forEach(step -> outcomes.add(step.run(run)));
        } else {
            try {
                take(run, outcomes);
            } catch (NamespaceTerminating e) {
                outcomes.add(new Outcome.Waiting("Deleting", String.valueOf(e.getMessage()), DOOMED));
            }
        }
        return new ClusterReport(run, outcomes, blocked(run), versions.of(run));
    }

    private Optional<Outcome.Rejected> blocked(ClusterRun run) {
        return StuckCreation.due(run) && !run.paused()
                ? StuckCreation.of(run, creation.observe(run))
                : Optional.empty();
    }

    private void take(ClusterRun run, List<Outcome> outcomes) {
        for (Step step : steps) {
            Outcome outcome = attempt(step, run);
            outcomes.add(outcome);
            boolean stops = outcome instanceof Outcome.Rejected || (outcome instanceof Outcome.Waiting && step.gates());
            if (stops) {
                return;
            }
        }
    }

    private static Outcome attempt(Step step, ClusterRun run) {
        try {
            return step.run(run);
        } catch (ResourceConflict e) {
            return new Outcome.Rejected("ResourceConflict", String.valueOf(e.getMessage()));
        }
    }
}
