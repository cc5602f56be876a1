package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.LagStatus;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far the replicas are behind. Figures alone change the status at most once in a resync. */
final class LagSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        List<LagStatus> lags = draft.everRan() ? entries(report.view(), draft.before()) : List.of();
        draft.fields()
                .replicationLag(lags)
                .maxReplicationLagBytes(most(lags))
                .replicasLagging(lags.stream().anyMatch(entry -> Boolean.TRUE.equals(entry.exceedsThreshold())));
    }

    static List<LagStatus> entries(ClusterView view, PostgresClusterStatus previous) {
        List<LagStatus> shown = previous.replicationLag();
        if (view.observed().leader().isEmpty()) {
            return shown;
        }
        List<LagStatus> measured = ReplicaLags.of(view).stream()
                .map(lag -> entry(lag, shown, view.now()))
                .toList();
        boolean figuresOnly = verdicts(measured).equals(verdicts(shown));
        return figuresOnly && recent(shown, view.now(), view.timeouts().resync()) ? shown : measured;
    }

    /** The largest of the lags that are known; null without any. */
    private static @Nullable Long most(List<LagStatus> entries) {
        return entries.stream()
                .map(LagStatus::lagBytes)
                .filter(Objects::nonNull)
                .max(Long::compareTo)
                .orElse(null);
    }

    private static LagStatus entry(ReplicaLag lag, List<LagStatus> shown, Instant now) {
        String time = lag.time() == null ? null : text(lag.time());
        LagStatus fresh = entry(lag, time, Conditions.time(now));
        return shown.stream()
                .filter(entry -> entry.equals(entry(lag, time, entry.lastMeasured())))
                .findFirst()
                .orElse(fresh);
    }

    private static LagStatus entry(ReplicaLag lag, @Nullable String time, @Nullable String measured) {
        return new LagStatus(lag.member().name(), lag.bytes(), time, lag.exceeds(), measured, lag.state());
    }

    /** Seconds to a tenth, as in 1.5s. */
    private static String text(Duration time) {
        BigDecimal tenths = BigDecimal.valueOf(time.toMillis() / 100, 1).stripTrailingZeros();
        return tenths.max(BigDecimal.ZERO).toPlainString() + "s";
    }

    private static List<String> verdicts(List<LagStatus> entries) {
        return entries.stream()
                .map(entry -> entry.podName() + entry.exceedsThreshold() + entry.state() + (entry.lagBytes() == null))
                .toList();
    }

    private static boolean recent(List<LagStatus> shown, Instant now, Duration resync) {
        return shown.stream()
                .map(LagStatus::lastMeasured)
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .anyMatch(measured -> now.isBefore(measured.plus(resync)));
    }
}
