package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresMajor;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.ClusterObserver;
import com.smoketurner.postgres.cluster.Validation;
import com.smoketurner.postgres.cluster.desired.ExporterContainer;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.lag.LagHistory;
import com.smoketurner.postgres.cluster.parameters.ParameterProposals;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.ParameterOverride;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.kube.CertManager;
import com.smoketurner.postgres.kube.ClusterReads;
import com.smoketurner.postgres.kube.Keda;
import com.smoketurner.postgres.kube.LiveLookup;
import com.smoketurner.postgres.kube.PrometheusOperator;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at a running cluster for what a changed spec would do to it. Changes nothing. */
public final class ChangeObserver {

    private final ClusterObserver observer;
    private final LiveLookup<PostgresCluster> lookup;
    private final RunningSettings settings;
    private final PodExec exec;

    public ChangeObserver(KubernetesClient client) {
        this.observer = new ClusterObserver(
                new CertManager(client, ClusterReads.all()),
                new PrometheusOperator(client),
                new Keda(client),
                new LagHistory(Clock.systemUTC()),
                ClusterReads.all());
        this.lookup = new LiveLookup<>(client);
        this.exec = new PodExec(client);
        this.settings = new RunningSettings(exec);
    }

    /** What cannot be told now. */
    public static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unanswered(String message) {
            super(message);
        }
    }

    /**
     * What the operator would do.
     *
     * @param live the cluster as it is
     * @param next as it would be, with all defaults
     * @throws Unanswered if parameters change and no server can be asked what that means
     */
    public Preview preview(PostgresCluster live, PostgresCluster next, Instant now) {
        ObservedCluster observed = observer.observe(live, lookup, now);
        Settings neutral = neutral(live, observed);
        ClusterView before = new ClusterView(live, observed, neutral, Timeouts.DEFAULT, now);
        // The operator waits until the autoscaler has let go, and goes on from there.
        ClusterView after = new ClusterView(
                next,
                next.getSpec().scalingActive() ? observed : observed.withoutAutoscaler(),
                neutral,
                Timeouts.DEFAULT,
                now);
        List<ParameterChange> changes = ParameterChange.of(before, after);
        RunningSettings.Answers answers = answers(before, after, changes);
        Preview preview = new ImpactAnalysis(
                        before,
                        after,
                        changes,
                        answers.byName(),
                        answers.refusal(),
                        cluster -> refusal(cluster, observed))
                .preview();
        Preview upgraded = after.cluster().upgradeRequested() && preview.refusal() == null
                ? upgraded(before, after, preview)
                : preview;
        return overridden(after).map(upgraded::overridden).orElse(upgraded);
    }

    /** Another major version comes after all else. */
    private Preview upgraded(ClusterView live, ClusterView next, Preview preview) {
        Member primary = primary(live, "whether it can be upgraded");
        UpgradeCheck check = UpgradeCheck.of(exec, next, primary);
        return check.refusal()
                .map(problems -> preview.refused("VersionUpgradeCheckFailed: " + problems))
                .orElseGet(() -> preview.followedBy(check.steps(next, primary)));
    }

    private static Member primary(ClusterView live, String question) {
        return live.observed()
                .primary(live.now())
                .orElseThrow(() -> new Unanswered("%s has no primary now that could be asked %s"
                        .formatted(live.names().cluster(), question)));
    }

    /** What somebody has set on the servers, which counts more than the spec. */
    private Optional<String> overridden(ClusterView next) {
        Map<String, String> parameters = Parameters.user(next.spec().postgresqlParams());
        List<String> pods = next.observed().members().stream()
                .filter(Member::containerRuns)
                .map(Member::name)
                .toList();
        if (parameters.isEmpty() || pods.isEmpty()) {
            return Optional.empty();
        }
        String primary = next.observed().primary(next.now()).map(Member::name).orElse(null);
        try {
            List<ParameterOverride> found = settings.overrides(next.namespace(), pods, primary, parameters);
            return found.isEmpty() ? Optional.empty() : Optional.of(ParameterOverride.text(found));
        } catch (KubernetesClientException e) {
            return Optional.of("it could not be checked whether parameters are set on the servers: " + e.getMessage());
        }
    }

    private static Optional<Outcome.Rejected> refusal(PostgresCluster cluster, ObservedCluster observed) {
        return Validation.of(cluster, observed)
                .or(() -> Parameters.unwritable(cluster.getSpec().postgresqlParams())
                        .map(message -> new Outcome.Rejected(Reason.INVALID_PARAMETER, message)));
    }

    private RunningSettings.Answers answers(ClusterView live, ClusterView next, List<ParameterChange> changes) {
        if (changes.isEmpty() || live.observed().statefulSet().isEmpty()) {
            return RunningSettings.Answers.NONE;
        }
        Member primary = primary(live, "which parameters need a restart");
        Map<String, String> values = new TreeMap<>();
        changes.stream()
                .filter(change -> change.to() != null)
                .forEach(change -> values.put(change.name(), Objects.requireNonNull(change.to())));
        Map<String, String> present =
                live.observed().dynamicConfig().map(DynamicConfig::parameters).orElseGet(TreeMap::new);
        return settings.ask(
                live.namespace(),
                primary.name(),
                changes,
                ParameterProposals.of(next, primary, values, present, ParameterChange.wanted(live, next)));
    }

    /**
     * Settings for templates that are only compared with each other. What of the operator's own can be read off what it has
     * made is: its images, and whether resources change in place.
     */
    private static Settings neutral(PostgresCluster live, ObservedCluster observed) {
        Optional<Container> server = container(observed, Member.CONTAINER);
        Map<String, String> images = new TreeMap<>();
        // One image carries all major versions, unless somebody has configured others.
        String image = server.filter(container -> live.getSpec().image() == null)
                .map(Container::getImage)
                .orElse("image");
        for (PostgresMajor major : PostgresMajor.values()) {
            images.put(major.label(), image);
        }
        return new Settings(
                new TreeMap<>(images),
                container(observed, ExporterContainer.NAME)
                        .map(Container::getImage)
                        .orElse("exporter"),
                "pooler",
                0,
                0,
                "cluster.local",
                null,
                BackupEngine.WAL_G,
                "",
                server.filter(container -> !container.getResizePolicy().isEmpty())
                        .isPresent());
    }

    private static Optional<Container> container(ObservedCluster observed, String name) {
        return observed.statefulSet().stream()
                .flatMap(set -> set.getSpec().getTemplate().getSpec().getContainers().stream())
                .filter(container -> name.equals(container.getName()))
                .findFirst();
    }
}
