package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.cluster.desired.CaBundle;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.MemberPodTemplate;
import com.smoketurner.postgres.cluster.desired.PodInputs;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.PatroniClient;
import com.smoketurner.postgres.patroni.TlsIdentity;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one reconciliation of one cluster knows: the spec, the observed facts and the time. Nothing can be written with it, so
 * decisions are given this and no more. One thread uses it.
 */
public final class ClusterView {
    private final PostgresCluster cluster;
    private final ObservedCluster observed;
    private final Settings settings;
    private final Timeouts timeouts;
    private final Instant now;
    private @Nullable PodTemplateSpec podTemplate;

    /**
     * @param now the time that all decisions of this reconciliation are made at
     */
    public ClusterView(
            PostgresCluster cluster, ObservedCluster observed, Settings settings, Timeouts timeouts, Instant now) {
        this.cluster = cluster;
        this.observed = observed;
        this.settings = settings;
        this.timeouts = timeouts;
        this.now = now;
    }

    public PostgresCluster cluster() {
        return cluster;
    }

    public ObservedCluster observed() {
        return observed;
    }

    public Settings settings() {
        return settings;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    public Instant now() {
        return now;
    }

    public PostgresClusterSpec spec() {
        return cluster.getSpec();
    }

    public Names names() {
        return Names.of(cluster);
    }

    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    /** What was observed and decides what the objects look like. */
    public PodInputs podInputs() {
        return PodInputs.none()
                .withTlsCaPresent(!CaBundle.read(observed.caBundle()).isEmpty()
                        || SecretText.of(observed.tls(), CaBundle.KEY).isPresent())
                .withMembers(Math.max(desired(), applied()))
                .withClaimSize(observed.claimSize().orElse(null))
                .withRestartedAt(restartedAt())
                .withRestart(restart())
                .withSlotsToDrop(slotsToDrop());
    }

    /** What the members' pods are to be. Made once: with its hash it is a third of a reconciliation that finds nothing to do. */
    public PodTemplateSpec podTemplate() {
        if (podTemplate == null) {
            podTemplate = MemberPodTemplate.of(cluster, settings, podInputs());
        }
        return podTemplate;
    }

    /** Patroni keeps the slots of members that are away for half an hour; one that was scaled away holds WAL for nobody. */
    private boolean slotsToDrop() {
        Set<String> slots =
                observed.members().stream().map(member -> slot(member.name())).collect(Collectors.toSet());
        String prefix = slot(names().cluster()) + "_";
        return applied() > 0
                && observed.leader().stream()
                        .flatMap(leader -> leader.retainedSlots().stream())
                        .filter(slot -> slot.matches(Pattern.quote(prefix) + "\\d+") && !slots.contains(slot))
                        .anyMatch(slot -> Integer.parseInt(slot.substring(prefix.length())) >= applied());
    }

    /** The name of a member's replication slot, as Patroni makes it. */
    private static String slot(String member) {
        return member.replace('-', '_');
    }

    /** How many members the StatefulSet runs; while it is being recreated its pods say it. None before there are any. */
    public int applied() {
        return observed.statefulSet()
                .map(set -> set.getSpec().getReplicas())
                .orElseGet(() -> observed.members().stream()
                                .filter(member -> !member.terminating())
                                .mapToInt(Member::ordinal)
                                .max()
                                .orElse(-1)
                        + 1);
    }

    /**
     * How many members there are to be. Everything that follows the number of members asks here: the spec's number, or while
     * KEDA scales the cluster the number that the StatefulSet was last told by the HorizontalPodAutoscaler.
     */
    public int desired() {
        return autoscaled() && applied() > 0 ? applied() : spec().replicasOrDefault();
    }

    /**
     * Whether the number of members is the autoscaler's. Its object counts as long as it exists: until it is gone, the
     * HorizontalPodAutoscaler behind it changes the number.
     */
    public boolean autoscaled() {
        return observed.autoscaler().scaledObject().isPresent()
                || (spec().scalingActive() && observed.autoscaler().served());
    }

    /** The StatefulSet is being deleted and not gone yet. */
    public boolean going() {
        return observed.statefulSet()
                .filter(set -> set.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
    }

    /** Whether the pods alone tell everything that the StatefulSet has been told, so that it can be recreated from them. */
    public boolean podsTellAll() {
        PodInputs with = podInputs();
        PodInputs without =
                new ClusterView(cluster, observed.withoutStatefulSet(), settings, timeouts, now).podInputs();
        return observed.members().isEmpty()
                || (Objects.equals(with.restartedAt(), without.restartedAt())
                        && Objects.equals(with.restart(), without.restart()));
    }

    /** The value of an annotation of the cluster. */
    public Optional<String> annotation(String key) {
        return Optional.ofNullable(cluster.getMetadata().getAnnotations()).map(annotations -> annotations.get(key));
    }

    /** A person wants nothing changed for the time being. */
    public boolean paused() {
        return annotation(Annotations.PAUSE).filter("true"::equals).isPresent();
    }

    /** Where the StatefulSet is being recreated, its pods still say it. */
    private @Nullable String restartedAt() {
        return observed.statefulSet()
                .map(set -> templateAnnotations(set).get(Annotations.RESTARTED_AT))
                .or(() -> observed.members().stream()
                        .map(Member::restartedAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder()))
                .orElse(null);
    }

    /** A restart that was requested stays requested when the annotation is taken away: taking it away is no restart. */
    private @Nullable String restart() {
        return annotation(Annotations.RESTART)
                .or(() -> observed.statefulSet()
                        .map(set -> templateAnnotations(set).get(Annotations.RESTART)))
                .or(() -> observed.members().stream()
                        .map(Member::restart)
                        .filter(Objects::nonNull)
                        .findFirst())
                .orElse(null);
    }

    private static Map<String, String> templateAnnotations(StatefulSet set) {
        return Objects.requireNonNullElse(
                set.getSpec().getTemplate().getMetadata().getAnnotations(), Map.of());
    }

    /**
     * The REST interface of a member.
     *
     * @throws GeneralSecurityException if the cluster's TLS Secret cannot be read
     */
    public PatroniClient.Member patroni(Member member) throws GeneralSecurityException {
        // While TLS is being switched on or off each member speaks as its own pod was made.
        boolean secure = member.patroni() == null
                ? spec().tlsEnabled()
                : member.patroni().secure();
        TlsIdentity identity = secure && observed.tls().isPresent()
                ? TlsIdentity.of(
                        observed.tls().get().getData(),
                        CaBundle.read(observed.caBundle()).file())
                : null;
        return new PatroniClient.Member(
                namespace(),
                member.name(),
                member.name() + "." + names().host(names().headlessService()),
                identity,
                InternalSecrets.REST_USER,
                SecretText.of(observed.internal(), InternalSecret.REST_PASSWORD).orElse(""));
    }
}
