package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps a cluster under construction from writing its status at every pod event. What a person or a script acts on is
 * written at once; that it goes on as it should can wait, the longer the longer it has taken so far.
 */
final class StatusThrottle {

    /** Most clusters are made in less, also when hundreds are made at once: one write at the beginning and one at the end. */
    private static final Duration PROGRESS = Duration.ofMinutes(2);

    /** So much longer again than the creation has taken by then, until the write after that. */
    private static final int LATER = 3;

    /** Of the conditions of a cluster under construction these tell a person what to do, or that it is done. */
    private static final Set<String> ACTED_ON = Set.of(
            ConditionType.READY.label(),
            ConditionType.CONFIGURATION_VALID.label(),
            ConditionType.CERTIFICATE_READY.label());

    /** Where every creation comes by: no news. */
    private static final Set<String> ON_THE_WAY = Set.of(
            Reason.CREATING.label(),
            Reason.CREATING_RESOURCES.label(),
            Reason.WAITING_FOR_CERTIFICATE.label(),
            Reason.ISSUED.label());

    private StatusThrottle() {}

    static boolean worthWriting(PostgresCluster cluster, PostgresClusterStatus status, Instant now) {
        PostgresClusterStatus shown = cluster.getStatus();
        if (shown == null || status.phase() != ClusterPhase.CREATING || telling(shown, status)) {
            return !Objects.equals(shown, status);
        }
        return !Objects.equals(shown, status) && !now.isBefore(next(lastWrite(cluster), shown));
    }

    private static Instant next(Instant last, PostgresClusterStatus shown) {
        return last.plus(
                Collections.max(List.of(PROGRESS, shown.timeInPhase(last).multipliedBy(LATER))));
    }

    private static boolean telling(PostgresClusterStatus shown, PostgresClusterStatus status) {
        return shown.phase() != status.phase()
                || !Objects.equals(shown.observedGeneration(), status.observedGeneration())
                || !Objects.equals(shown.lastError(), status.lastError())
                || !Objects.equals(shown.retryCount(), status.retryCount())
                || !Objects.equals(shown.restoredFrom(), status.restoredFrom())
                || !verdicts(shown.conditions()).equals(verdicts(status.conditions()));
    }

    private static List<String> verdicts(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> ACTED_ON.contains(condition.type()))
                .filter(condition -> !ON_THE_WAY.contains(condition.reason()))
                .map(condition -> condition.type() + condition.status() + condition.reason() + trouble(condition))
                .toList();
    }

    /** The message where it quotes what a restore is kept up by; it changes as seldom as that is tried again. */
    private static String trouble(Condition condition) {
        return Reason.RESTORE_RETRYING.label().equals(condition.reason()) ? condition.message() : "";
    }

    private static Instant lastWrite(PostgresCluster cluster) {
        return cluster.getMetadata().getManagedFields().stream()
                .filter(entry ->
                        ApiGroup.FIELD_MANAGER.equals(entry.getManager()) && "status".equals(entry.getSubresource()))
                .map(ManagedFieldsEntry::getTime)
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
