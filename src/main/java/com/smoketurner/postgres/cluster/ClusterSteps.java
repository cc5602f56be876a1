package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.ApiFailure;
import com.smoketurner.postgres.kube.NamespaceTerminating;
import com.smoketurner.postgres.kube.ResourceConflict;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the steps of a reconciliation in the order of their {@link Part}s. */
@Singleton
final class ClusterSteps {

    /** A namespace that is being deleted takes its clusters with it; nothing is left to do but wait. */
    private static final Duration DOOMED = Duration.ofSeconds(30);

    private final List<Step> steps;
    private final CreationObserver creation;
    private final RefusalObserver refusals;
    private final StartObserver starts;
    private final ServerVersions versions;
    private final RepositoryQuestions questions;

    /**
     * @throws IllegalStateException unless each part has exactly one step
     */
    ClusterSteps(
            @All List<Step> steps,
            CreationObserver creation,
            RefusalObserver refusals,
            StartObserver starts,
            ServerVersions versions,
            RepositoryQuestions questions) {
        this.steps = inOrder(steps);
        this.creation = creation;
        this.refusals = refusals;
        this.starts = starts;
        this.versions = versions;
        this.questions = questions;
    }

    private static List<Step> inOrder(List<Step> steps) {
        Map<Part, Step> byPart = new EnumMap<>(Part.class);
        for (Step step : steps) {
            if (byPart.put(step.part(), step) != null) {
                throw new IllegalStateException("two steps own the part " + step.part());
            }
        }
        for (Part part : Part.values()) {
            if (!byPart.containsKey(part)) {
                throw new IllegalStateException("no step owns the part " + part);
            }
        }
        return List.copyOf(byPart.values());
    }

    /** Takes the steps one after the other, as far as they get. */
    ClusterReport run(ClusterRun run) {
        ClusterView view = run.view();
        Map<Part, Outcome> outcomes = take(steps, run);
        Optional<String> refusal = refusals.observe(view);
        return new ClusterReport(
                view,
                outcomes,
                blocked(view, refusal),
                refusal,
                starts.observe(view),
                versions.of(view),
                RepositoryAnswers.backups(view, questions));
    }

    /**
     * What the steps answer. A step that fails keeps none from being taken but those that need its part; a rejected part
     * that is not optional, a part that gates, and one that works alone stop all but those that are always taken.
     */
    static Map<Part, Outcome> take(List<Step> steps, ClusterRun run) {
        Map<Part, Outcome> outcomes = new EnumMap<>(Part.class);
        List<Part> failed = new ArrayList<>();
        boolean stopped = run.view().paused();
        for (Step step : steps) {
            Part part = step.part();
            if ((stopped && !part.always() && !upgrades(part, run.view()))
                    || !Collections.disjoint(part.needs(), failed)) {
                continue;
            }
            Outcome outcome;
            try {
                outcome = attempt(step, run);
            } catch (NamespaceTerminating e) {
                outcomes.put(part, new Outcome.Waiting(Reason.DELETING, String.valueOf(e.getMessage()), DOOMED));
                return outcomes;
            }
            outcomes.put(part, outcome);
            stopped |= (outcome instanceof Outcome.Rejected && !part.optional())
                    || (outcome instanceof Outcome.Waiting && part.gates())
                    || (outcome instanceof Outcome.Working working && working.alone());
            if (outcome instanceof Outcome.Failed) {
                failed.add(part);
            }
        }
        return outcomes;
    }

    /** An upgrade that has begun goes on: the primary may be stopped for it. */
    private static boolean upgrades(Part part, ClusterView view) {
        return part == Part.UPGRADE
                && view.cluster()
                        .versionUpgrade()
                        .map(VersionUpgrade::state)
                        .filter(state -> state.outage() || state == VersionUpgradeState.REPLACING_REPLICAS)
                        .isPresent();
    }

    /**
     * What came of a step, its failure included.
     *
     * @throws KubernetesClientException if the API server cannot be reached now: no other step would get further
     */
    private static Outcome attempt(Step step, ClusterRun run) {
        try {
            return step.run(run);
        } catch (ResourceConflict e) {
            return new Outcome.Rejected(Reason.RESOURCE_CONFLICT, String.valueOf(e.getMessage()));
        } catch (NamespaceTerminating e) {
            throw e;
        } catch (KubernetesClientException e) {
            if (ApiFailure.passing(e)) {
                throw e;
            }
            return failed(step, e);
        } catch (RuntimeException e) {
            return failed(step, e);
        }
    }

    private static Outcome failed(Step step, RuntimeException error) {
        Log.warnf(error, "%s failed, it is retried", step.part().label());
        return new Outcome.Failed(ErrorText.of(error));
    }

    private Optional<Outcome.Rejected> blocked(ClusterView view, Optional<String> refusal) {
        return StuckCreation.due(view) && !view.paused()
                ? StuckCreation.of(view, creation.observe(view), refusal)
                : Optional.empty();
    }
}
