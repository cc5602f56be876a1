package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.lag.LagHistory;
import com.smoketurner.postgres.cluster.run.Autoscaler;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.kube.CertManager;
import com.smoketurner.postgres.kube.ClusterReads;
import com.smoketurner.postgres.kube.Keda;
import com.smoketurner.postgres.kube.PrometheusOperator;
import com.smoketurner.postgres.kube.cache.Lookup;
import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.ConfigRecord;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.FailoverRecord;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.patroni.SyncRecord;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the state of a cluster from the watches. Decides nothing. */
@Singleton
public final class ClusterObserver {

    /** How long an issuer may take before it is looked up whether it exists. */
    private static final Duration ISSUER_PATIENCE = Duration.ofSeconds(5);

    private final CertManager certManager;
    private final PrometheusOperator prometheus;
    private final Keda keda;
    private final LagHistory history;
    private final ClusterReads reads;

    public ClusterObserver(
            CertManager certManager, PrometheusOperator prometheus, Keda keda, LagHistory history, ClusterReads reads) {
        this.certManager = certManager;
        this.prometheus = prometheus;
        this.keda = keda;
        this.history = history;
        this.reads = reads;
    }

    /**
     * Everything a cluster consists of, watched by label.
     *
     * @param disturbed told of each cluster that is about to be woken by one of its objects
     */
    OwnedCaches<PostgresCluster> watch(EventSourceContext<PostgresCluster> context, Consumer<ResourceID> disturbed) {
        // The Secrets of a PostgresDatabase name its cluster, and are none of it.
        String selector = Labels.MANAGED_BY + "=" + ApiGroup.OPERATOR + "," + Labels.CLUSTER + ",!" + Labels.DATABASE;
        var caches = new OwnedCaches<>(context, selector, Labels.CLUSTER, disturbed)
                .watch(StatefulSet.class)
                .watch(
                        Pod.class,
                        (now, before) -> !member(now) || !Member.of(now).equals(Member.of(before)))
                .watch(Endpoints.class, (now, before) -> {
                    noteLeader(now); // its position wakes nobody, and counts
                    return !recordOf(now).equals(recordOf(before));
                })
                .watch(PersistentVolumeClaim.class)
                .watch(Service.class)
                .watch(Secret.class)
                .watch(ConfigMap.class)
                .watch(ServiceAccount.class)
                .watch(Role.class)
                .watch(RoleBinding.class)
                .watch(PodDisruptionBudget.class)
                .watch(NetworkPolicy.class)
                .watch(Job.class)
                .watch(Deployment.class);
        if (reads.allowed(ClusterReads.Read.NODES)) {
            caches.watchCordonedNodes();
        }
        if (found("cert-manager", certManager::served)) {
            caches.watch(CertManager.API_VERSION, CertManager.CERTIFICATE)
                    .watch(CertManager.API_VERSION, CertManager.ISSUER);
        }
        if (found("KEDA", keda::served)) {
            caches.watch(Keda.API_VERSION, Keda.TRIGGER_AUTHENTICATION, Keda::news)
                    .watch(Keda.API_VERSION, Keda.SCALED_OBJECT, Keda::news);
        }
        return caches;
    }

    /** No reason not to start: each cluster that needs it asks again. */
    private static boolean found(String name, BooleanSupplier served) {
        try {
            return served.getAsBoolean();
        } catch (KubernetesClientException e) {
            Log.warnf("could not find out whether %s is installed: %s", name, ErrorText.of(e));
            return false;
        }
    }

    /** Takes notice of other operators that were installed after this one had started. Asks while a cluster needs them. */
    void lookForOthers(
            PostgresCluster cluster,
            OwnedCaches<PostgresCluster> caches,
            Context<PostgresCluster> context,
            Instant now) {
        if (cluster.getSpec().metricsEnabled()
                && !caches.watches(PrometheusOperator.POD_MONITOR)
                && prometheus.served(now)) {
            caches.watchFromNow(
                    context.eventSourceRetriever(), PrometheusOperator.API_VERSION, PrometheusOperator.POD_MONITOR);
        }
        if (cluster.getSpec().scalingActive() && !caches.watches(Keda.SCALED_OBJECT) && keda.served(now)) {
            caches.watchFromNow(
                    context.eventSourceRetriever(), Keda.API_VERSION, Keda.TRIGGER_AUTHENTICATION, Keda::news);
            caches.watchFromNow(context.eventSourceRetriever(), Keda.API_VERSION, Keda.SCALED_OBJECT, Keda::news);
        }
        if (cluster.getSpec().tlsEnabled() && !caches.watches(CertManager.CERTIFICATE) && certManager.served()) {
            caches.watchFromNow(context.eventSourceRetriever(), CertManager.API_VERSION, CertManager.ISSUER);
            caches.watchFromNow(context.eventSourceRetriever(), CertManager.API_VERSION, CertManager.CERTIFICATE);
        }
    }

    /** The configuration is read only where a member says that parameters wait for a restart. */
    private static List<Member> members(List<Pod> pods, Optional<Endpoints> config) {
        List<Member> members = pods.stream().map(Member::of).toList();
        if (members.stream().noneMatch(Member::pendingRestart)) {
            return members;
        }
        Map<String, String> configured = config.map(ClusterObserver::annotations)
                .flatMap(ConfigRecord::of)
                .flatMap(record -> Optional.ofNullable(record.config()))
                .map(DynamicConfig::parameters)
                .orElseGet(TreeMap::new);
        return pods.stream().map(pod -> Member.of(pod, configured)).toList();
    }

    public ObservedCluster observe(PostgresCluster cluster, Lookup<PostgresCluster> caches, Instant now) {
        Names names = Names.of(cluster);
        String namespace = names.namespace();
        Optional<GenericKubernetesResource> certificate =
                caches.generic(CertManager.CERTIFICATE, namespace, names.tls());
        Optional<Secret> tls = caches.get(Secret.class, namespace, names.tls());
        List<Pod> pods = pods(cluster, caches);
        Optional<Endpoints> config = caches.get(Endpoints.class, namespace, names.configEndpoints());
        List<Member> members = members(pods, config);
        Optional<LeaderRecord> leader =
                caches.get(Endpoints.class, namespace, names.leaderEndpoints()).flatMap(ClusterObserver::leader);
        return new ObservedCluster(
                members,
                WalPositions.of(pods, history.observed(names, members, leader, now)),
                leader,
                config,
                caches.get(Endpoints.class, namespace, names.failoverEndpoints())
                        .flatMap(record -> FailoverRecord.of(annotations(record))),
                caches.get(Endpoints.class, namespace, names.syncEndpoints())
                        .flatMap(record -> SyncRecord.of(annotations(record))),
                caches.cordoned(pods.stream()
                        .map(pod -> pod.getSpec().getNodeName())
                        .filter(Objects::nonNull)
                        .toList()),
                caches.get(StatefulSet.class, namespace, names.statefulSet()),
                caches.list(PersistentVolumeClaim.class, cluster),
                caches.get(Secret.class, namespace, names.credentialsSecret()),
                caches.get(Secret.class, namespace, names.internalSecret()),
                caches.get(Secret.class, namespace, names.backupSettings()),
                caches.get(Secret.class, namespace, names.restoreSettings()),
                verification(cluster, caches),
                poolersReady(cluster, caches),
                autoscaler(cluster, caches),
                poolers(cluster, caches),
                tls,
                caches.get(ConfigMap.class, namespace, names.caBundle()),
                certificate,
                caches.watches(CertManager.CERTIFICATE),
                tls.isEmpty()
                        && certificate
                                .filter(c -> issuerMissing(cluster, c, now))
                                .isPresent());
    }

    private static List<Pod> pods(PostgresCluster cluster, Lookup<PostgresCluster> caches) {
        Map<String, String> selector = Labels.memberSelector(cluster);
        return caches.list(Pod.class, cluster).stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .sorted(Comparator.comparingInt(
                        pod -> Member.ordinal(pod.getMetadata().getName())))
                .toList();
    }

    private static int poolersReady(PostgresCluster cluster, Lookup<PostgresCluster> caches) {
        if (!cluster.getSpec().poolerEnabled()) {
            return 0;
        }
        return caches.list(Deployment.class, cluster).stream()
                .map(Deployment::getStatus)
                .filter(Objects::nonNull)
                .mapToInt(status -> Objects.requireNonNullElse(status.getReadyReplicas(), 0))
                .sum();
    }

    private static Autoscaler autoscaler(PostgresCluster cluster, Lookup<PostgresCluster> caches) {
        Names names = Names.of(cluster);
        return new Autoscaler(
                caches.watches(Keda.SCALED_OBJECT),
                caches.generic(Keda.SCALED_OBJECT, names.namespace(), names.scaledObject())
                        .filter(object -> Metadata.controls(cluster, object)),
                caches.generic(Keda.TRIGGER_AUTHENTICATION, names.namespace(), names.triggerAuthentication())
                        .filter(object -> Metadata.controls(cluster, object)));
    }

    private static List<PoolerPod> poolers(PostgresCluster cluster, Lookup<PostgresCluster> caches) {
        if (!cluster.getSpec().poolerEnabled()) {
            return List.of();
        }
        Map<String, String> selector = Labels.selector(cluster, Component.PGBOUNCER);
        return caches.list(Pod.class, cluster).stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .map(PoolerPod::of)
                .sorted(Comparator.comparing(PoolerPod::name))
                .toList();
    }

    private static Optional<Verification> verification(PostgresCluster cluster, Lookup<PostgresCluster> caches) {
        Names names = Names.of(cluster);
        return caches.get(Job.class, names.namespace(), names.verification())
                .flatMap(job -> Verification.of(job, caches.list(Pod.class, cluster)));
    }

    /** The pod of a restore test is none. */
    private static boolean member(Pod pod) {
        return Component.POSTGRESQL.value().equals(pod.getMetadata().getLabels().get(Labels.COMPONENT));
    }

    private static Optional<LeaderRecord> leader(Endpoints endpoints) {
        return LeaderRecord.of(annotations(endpoints));
    }

    /** Other records have an annotation of that name too. */
    private void noteLeader(Endpoints endpoints) {
        String name = endpoints.getMetadata().getName();
        if (name.equals(endpoints.getMetadata().getLabels().get(Labels.CLUSTER))) {
            leader(endpoints)
                    .ifPresent(record -> history.note(endpoints.getMetadata().getNamespace(), name, record));
        }
    }

    private static Map<String, String> annotations(Endpoints endpoints) {
        return Objects.requireNonNullElse(endpoints.getMetadata().getAnnotations(), Map.of());
    }

    /** What of Patroni's records is worth waking up for: who leads, not that it still does, and what has been set. */
    private static List<Optional<?>> recordOf(Endpoints endpoints) {
        Map<String, String> annotations = annotations(endpoints);
        return List.of(
                leader(endpoints).map(LeaderRecord::leader),
                leader(endpoints).map(LeaderRecord::retainedSlots),
                Optional.ofNullable(annotations.get(ConfigRecord.CONFIG)),
                FailoverRecord.of(annotations),
                SyncRecord.of(annotations));
    }

    private boolean issuerMissing(PostgresCluster cluster, GenericKubernetesResource certificate, Instant now) {
        Instant patience =
                Instant.parse(certificate.getMetadata().getCreationTimestamp()).plus(ISSUER_PATIENCE);
        IssuerRef issuer = issuerOf(cluster);
        return issuer != null
                && now.isAfter(patience)
                && !certManager.issuerExists(names(cluster).namespace(), issuer);
    }

    private static Names names(PostgresCluster cluster) {
        return Names.of(cluster);
    }

    private static @Nullable IssuerRef issuerOf(PostgresCluster cluster) {
        return cluster.getSpec().tls() == null ? null : cluster.getSpec().tls().issuerRef();
    }
}
