package com.smoketurner.postgres.cluster.plan;

import com.smoketurner.postgres.api.ReplicationMode;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.RebuildRecord;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.MemberRecord;
import com.smoketurner.postgres.patroni.SyncRecord;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the planner is asked, from what was observed of a cluster. */
public final class RolloutStates {

    /** Patroni's own limit for a member that takes over, as the members are bootstrapped with it. */
    private static final long MAXIMUM_LAG = 33_554_432;

    /**
     * A replica must have at least the primary's values of these, or it does not start. So where one becomes lower the
     * primary goes first.
     *
     * @see <a href="https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN">Administrator's
     *     overview</a>
     */
    private static final Set<String> NOT_BELOW_THE_PRIMARY = Set.of(
            "max_connections",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "max_wal_senders",
            "max_worker_processes");

    private RolloutStates() {}

    public static RolloutState of(ClusterView view) {
        return of(view, diff(view));
    }

    /** With other needs than those of the view itself. */
    public static RolloutState of(ClusterView view, PodTemplateDiff diff) {
        ObservedCluster observed = view.observed();
        int desired = view.desired();
        int applied = view.applied();
        Volumes volumes = Volumes.of(view);
        List<RolloutMember> members = observed.members().stream()
                .map(member -> member(
                        view,
                        member,
                        volumes.needNewPod(member, view.now()) ? RequiredUpdate.RECREATE : diff.of(member)))
                .toList();
        return new RolloutState(
                members,
                applied > 0 ? applied : desired,
                desired,
                observed.failover().isPresent(),
                AcceptedSwitchover.of(view.cluster())
                        .map(AcceptedSwitchover::member)
                        .orElse(null),
                divided(observed.members()),
                maximumLag(observed),
                view.autoscaled() ? view.spec().minReplicas() : RolloutState.ALL_STAY);
    }

    /** The template that members are to run, and what one needs for that. */
    public static PodTemplateDiff diff(ClusterView view) {
        PodTemplateSpec template = view.podTemplate();
        return new PodTemplateDiff(template, view.settings().inPlaceResize(), revisionOf(view, template), true);
    }

    /** Which members have other resources than the template, because admission has changed their pods; empty where none. */
    public static String admitted(ClusterView view) {
        PodTemplateDiff diff = diff(view);
        var members = new TreeMap<String, List<String>>();
        view.observed()
                .members()
                .forEach(member -> diff.admitted(member)
                        .ifPresent(change -> members.computeIfAbsent(change, _ -> new ArrayList<>())
                                .add(member.name())));
        return members.entrySet().stream()
                .map(entry -> "%s of %s".formatted(entry.getKey(), String.join(", ", entry.getValue())))
                .collect(Collectors.joining("; "));
    }

    /** The revision that the StatefulSet's controller has made of this template; null until it has. */
    private static @Nullable String revisionOf(ClusterView view, PodTemplateSpec template) {
        return view.observed()
                .statefulSet()
                .filter(set -> set.getStatus() != null
                        && Objects.equals(
                                set.getStatus().getObservedGeneration(),
                                set.getMetadata().getGeneration()))
                .filter(set -> Objects.equals(ours(set.getSpec().getTemplate()), ours(template)))
                .map(set -> set.getStatus().getUpdateRevision())
                .orElse(null);
    }

    /** What tells one template of ours from another. */
    private static List<@Nullable String> ours(PodTemplateSpec template) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(template.getMetadata().getAnnotations(), Map.of());
        return Arrays.asList(
                annotations.get(Annotations.POD_TEMPLATE_HASH), annotations.get(Annotations.REQUESTED_RESOURCES));
    }

    private static boolean divided(List<Member> members) {
        return members.stream()
                        .map(Member::patroni)
                        .filter(Objects::nonNull)
                        .map(MemberRecord::secure)
                        .distinct()
                        .count()
                > 1;
    }

    private static RolloutMember member(ClusterView view, Member member, RequiredUpdate update) {
        ObservedCluster observed = view.observed();
        OptionalLong lag = observed.leader()
                .map(leader -> observed.positions().lag(leader.leader(), member.name()))
                .orElse(OptionalLong.empty());
        return new RolloutMember(
                member.name(),
                member.ordinal(),
                leads(observed, member),
                member.inService(),
                member.streaming() && !RebuildRecord.of(view, member).inProgress(view),
                member.terminating(),
                settled(member),
                update,
                member.pending().entrySet().stream().anyMatch(RolloutStates::isLowered),
                lag.isPresent() ? lag.getAsLong() : null,
                mayLead(observed, member),
                member.node() != null && observed.cordoned().contains(member.node()));
    }

    /**
     * With synchronous replication Patroni hands over to nobody but a replica of its record; with a quorum it takes any, and
     * those of the record are sure to be close.
     */
    private static boolean mayLead(ObservedCluster observed, Member member) {
        List<String> standbys = observed.sync().map(SyncRecord::standbys).orElse(List.of());
        return switch (observed.dynamicConfig()
                .map(DynamicConfig::replicationMode)
                .orElse(ReplicationMode.ASYNC)) {
            case ASYNC -> true;
            case SYNC -> standbys.contains(member.name());
            case QUORUM -> standbys.isEmpty() || standbys.contains(member.name());
        };
    }

    private static boolean leads(ObservedCluster observed, Member member) {
        return observed.leaderMember().filter(member::equals).isPresent();
    }

    /** A resize that has begun has to end, and a restart that is scheduled has to happen. */
    private static boolean settled(Member member) {
        boolean restarting = member.pendingRestart()
                && member.patroni() != null
                && member.patroni().scheduledRestart();
        return !restarting
                && switch (member.resize().state()) {
                    case NOT_IN_PROGRESS, INFEASIBLE -> true;
                    case PROPOSED, IN_PROGRESS, DEFERRED -> false;
                };
    }

    private static long maximumLag(ObservedCluster observed) {
        return observed.dynamicConfig()
                .map(DynamicConfig::maximumLagOnFailover)
                .filter(Objects::nonNull)
                .orElse(MAXIMUM_LAG);
    }

    private static boolean isLowered(Map.Entry<String, MemberRecord.Change> change) {
        return isLowered(
                change.getKey(), change.getValue().oldValue(), change.getValue().newValue());
    }

    /** Whether a parameter becomes lower that replicas may not have lower than their primary. */
    public static boolean isLowered(String name, @Nullable String before, @Nullable String after) {
        return NOT_BELOW_THE_PRIMARY.contains(name)
                && number(after)
                        .flatMap(now -> number(before).map(old -> now.compareTo(old) < 0))
                        .orElse(false);
    }

    private static Optional<BigDecimal> number(@Nullable String value) {
        try {
            return value == null ? Optional.empty() : Optional.of(new BigDecimal(value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
