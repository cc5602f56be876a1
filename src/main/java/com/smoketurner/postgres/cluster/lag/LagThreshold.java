package com.smoketurner.postgres.cluster.lag;

import com.smoketurner.postgres.api.Durations;
import com.smoketurner.postgres.api.ScalingSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a replica is too far behind.
 *
 * @param bytes limit in bytes; null where the time counts
 * @param time limit of the lag in time, and of the time without streaming
 */
record LagThreshold(@Nullable Long bytes, Duration time) {

    /** Back below this share of the limit, so that a replica on the edge does not come and go. */
    private static final double RECOVERED = 0.8;

    static LagThreshold of(ScalingSpec spec) {
        return new LagThreshold(spec.lagThresholdBytes(), Durations.parse(spec.replicationLagThresholdOrDefault()));
    }

    boolean exceeded(@Nullable Long lagBytes, @Nullable Duration lagTime, Duration notStreaming) {
        boolean far =
                bytes != null ? lagBytes != null && lagBytes > bytes : lagTime != null && lagTime.compareTo(time) > 0;
        return far || notStreaming.compareTo(time) > 0;
    }

    boolean recovered(@Nullable Long lagBytes, @Nullable Duration lagTime) {
        if (lagBytes == null || lagTime == null) {
            return false;
        }
        return lagBytes == 0
                || (bytes != null ? lagBytes < RECOVERED * bytes : lagTime.toMillis() < RECOVERED * time.toMillis());
    }
}
