package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.status.ClusterReport;
import com.smoketurner.postgres.cluster.step.AccessStep;
import com.smoketurner.postgres.cluster.step.ConfigurationStep;
import com.smoketurner.postgres.cluster.step.CredentialsStep;
import com.smoketurner.postgres.cluster.step.DisruptionBudgetStep;
import com.smoketurner.postgres.cluster.step.MembersStep;
import com.smoketurner.postgres.cluster.step.PasswordsStep;
import com.smoketurner.postgres.cluster.step.ReloadStep;
import com.smoketurner.postgres.cluster.step.RolloutStep;
import com.smoketurner.postgres.cluster.step.RoutingStep;
import com.smoketurner.postgres.cluster.step.ServicesStep;
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
    private final CreationObserver creation;
    private final ServerVersions versions;

    ClusterSteps(
            CredentialsStep credentials,
            AccessStep access,
            ConfigurationStep configuration,
            ServicesStep services,
            DisruptionBudgetStep disruptionBudget,
            TlsStep tls,
            MembersStep members,
            UserLabelsStep userLabels,
            RoutingStep routing,
            PasswordsStep passwords,
            ReloadStep reload,
            RolloutStep rollout,
            CreationObserver creation,
            ServerVersions versions) {
        this.steps = List.of(
                credentials,
                access,
                configuration,
                services,
                disruptionBudget,
                tls,
                members,
                userLabels,
                routing,
                passwords,
                reload,
                rollout);
        this.creation = creation;
        this.versions = versions;
    }

    /** Takes the steps one after the other, as far as they get. */
    ClusterReport run(ClusterRun run) {
        List<Outcome> outcomes = new ArrayList<>();
        Optional<Outcome.Rejected> invalid = Validation.of(run.cluster(), run.observed());
        if (invalid.isPresent()) {
            outcomes.add(invalid.get());
            // What runs keeps being routed: a bad edit never costs more than the edit.
            outcomes.add(steps.stream()
                    .filter(RoutingStep.class::isInstance)
                    .findFirst()
                    .orElseThrow()
                    .run(run));
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
        return StuckCreation.due(run) ? StuckCreation.of(run, creation.observe(run)) : Optional.empty();
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
