package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RebuildRecord;
import com.smoketurner.postgres.naming.Annotations;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The member that takes a base backup, as a function of the spec and of what is observed. */
sealed interface BackupSource {

    /** The member whose data is copied. */
    Member member();

    /**
     * A replica.
     *
     * @param primary host name of the member where the backup begins and ends
     */
    record Replica(Member member, String primary) implements BackupSource {}

    /**
     * The primary.
     *
     * @param why it is not a replica, as the spec asks; empty where the spec does not ask
     */
    record Primary(Member member, Optional<String> why) implements BackupSource {}

    /**
     * Chooses the replica with the least lag, where the spec asks for one and one fits.
     *
     * @param failed the attempt on a replica that this one takes the place of
     */
    static BackupSource of(ClusterView view, Member primary, Optional<BackupJob> failed) {
        if (!Objects.requireNonNull(view.spec().backup()).backupFromReplicaOrDefault()) {
            return new Primary(primary, Optional.empty());
        }
        Optional<String> obstacle = failed.map(BackupSource::failure)
                .or(() -> ReplicaServing.obstacle(view))
                .or(() -> ReplicaServing.ready(view, primary)
                        ? Optional.empty()
                        : Optional.of("the primary does not speak TLS yet"));
        List<ReplicaLag> lags = ReplicaLags.of(view);
        Optional<Member> replica = lags.stream()
                .filter(lag -> unfit(view, primary, lag).isEmpty())
                .min(Comparator.comparingLong((ReplicaLag lag) -> Objects.requireNonNull(lag.bytes()))
                        .thenComparingInt(lag -> lag.member().ordinal()))
                .map(ReplicaLag::member);
        return obstacle.isEmpty() && replica.isPresent()
                ? new Replica(replica.get(), host(view, primary))
                : new Primary(primary, Optional.of(obstacle.orElseGet(() -> reasons(view, primary, lags))));
    }

    private static String failure(BackupJob job) {
        return "the backup from the replica %s failed: %s"
                .formatted(
                        job.member(),
                        EngineFailure.of(1, Objects.requireNonNullElse(job.error(), ""))
                                .message());
    }

    private static String reasons(ClusterView view, Member primary, List<ReplicaLag> lags) {
        return lags.isEmpty()
                ? "the cluster has no replica"
                : lags.stream()
                        .map(lag -> lag.member().name() + " "
                                + unfit(view, primary, lag).orElseThrow())
                        .collect(Collectors.joining(", "));
    }

    /** Why a replica takes no backup; nothing where it can. */
    private static Optional<String> unfit(ClusterView view, Member primary, ReplicaLag lag) {
        Member member = lag.member();
        if (!member.containerRuns() || !member.ready()) {
            return Optional.of("is not ready");
        }
        if (member.cloning()
                || member.brokenSince() != null
                || RebuildRecord.of(view, member).inProgress(view)) {
            return Optional.of("is being rebuilt");
        }
        if (!member.streaming() || !Objects.equals(member.timeline(), primary.timeline())) {
            return Optional.of("does not stream from the primary");
        }
        if (lag.bytes() == null) {
            return Optional.of("has not reported its lag yet");
        }
        if (lag.exceeds()) {
            return Optional.of("is too far behind (%d bytes)".formatted(lag.bytes()));
        }
        return restarts(view, member)
                ? Optional.of("is about to restart")
                : ReplicaServing.ready(view, member) ? Optional.empty() : Optional.of("does not speak TLS yet");
    }

    /** Whether the rollout has its turn to come. */
    private static boolean restarts(ClusterView view, Member member) {
        String hash = view.podTemplate().getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH);
        return member.pendingRestart() || !Objects.equals(member.templateHash(), hash);
    }

    /** The name of a member that the certificate has too. */
    private static String host(ClusterView view, Member member) {
        return member.name() + "." + view.names().host(view.names().headlessService());
    }
}
