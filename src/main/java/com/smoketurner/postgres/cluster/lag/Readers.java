package com.smoketurner.postgres.cluster.lag;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Labels;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who is read from. One measurement beyond the threshold takes a replica out, two below its greater part bring it back; the
 * label of the pod says which of the two it waits for.
 */
public final class Readers {

    public static final String IN = "true";
    public static final String OUT = "false";

    private Readers() {}

    /** The label that a replica is to have now. */
    public static String label(ClusterView view, ReplicaLag lag, LagHistory history) {
        Member member = lag.member();
        boolean waiting = OUT.equals(member.labels().get(Labels.READER)) && lag.recovered();
        if (!waiting) {
            history.startOver(view.names(), member);
        }
        Instant since = waiting ? history.recoveredSince(view.names(), member, view.now()) : null;
        return label(member.labels().get(Labels.READER), lag, since, view.now(), ReplicaLags.recordAge(view));
    }

    /**
     * @param recoveredSince when it was first found recovered; null if it is not
     * @param apart two looks within this time may have seen the same record
     */
    static String label(
            @Nullable String present, ReplicaLag lag, @Nullable Instant recoveredSince, Instant now, Duration apart) {
        if (lag.exceeds()) {
            return OUT;
        }
        boolean again = recoveredSince != null && !now.isBefore(recoveredSince.plus(apart));
        return OUT.equals(present) && !again ? OUT : IN;
    }
}
