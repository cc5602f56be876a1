package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.plan.Switchovers.Verdict;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SwitchoversTest {

    private static final RolloutMember PRIMARY =
            new RolloutMember("c-0", 0, true, true, false, false, true, RequiredUpdate.NONE, false, 0L, true, false);

    private static RolloutMember replica(int ordinal, boolean ready, @Nullable Long lag, boolean mayLead) {
        return new RolloutMember(
                "c-" + ordinal,
                ordinal,
                false,
                ready,
                true,
                false,
                true,
                RequiredUpdate.NONE,
                false,
                lag,
                mayLead,
                false);
    }

    private static RolloutState state(RolloutMember... members) {
        return new RolloutState(List.of(members), members.length, members.length, false, null, false, 1000);
    }

    private static Verdict judge(String request, RolloutMember... members) {
        return Switchovers.judge(state(members), request);
    }

    @Test
    void anyMeansTheReplicaWithTheLeastLag() {
        assertThat(judge("auto", PRIMARY, replica(1, true, 500L, true), replica(2, true, 20L, true)))
                .isEqualTo(new Verdict.Accepted("c-2"));
        assertThat(judge("auto", PRIMARY, replica(1, false, 0L, true), replica(2, true, 2000L, true)))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(judge("auto", PRIMARY)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aNamedMemberMustBeAHealthyReplica() {
        assertThat(judge("c-1", PRIMARY, replica(1, true, 5L, true))).isEqualTo(new Verdict.Accepted("c-1"));
        assertThat(judge("c-9", PRIMARY, replica(1, true, 5L, true)))
                .isEqualTo(new Verdict.Refused("there is no member c-9"));
        assertThat(judge("c-1", PRIMARY, replica(1, false, 5L, true))).isInstanceOf(Verdict.Refused.class);
        assertThat(judge("c-1", PRIMARY, replica(1, true, 5000L, true))).isInstanceOf(Verdict.Refused.class);
        assertThat(judge("c-1", PRIMARY, replica(1, true, 5L, false))).isInstanceOf(Verdict.Refused.class);
        assertThat(judge("c-1", replica(1, true, 5L, true))).isInstanceOf(Verdict.Refused.class);
    }

    /** After a crash it cannot be told whether the primary was named or has become it meanwhile: both are done. */
    @Test
    void theOneThatLeadsIsAccepted() {
        assertThat(judge("c-0", PRIMARY, replica(1, true, 5L, true))).isEqualTo(new Verdict.Accepted("c-0"));
    }

    @Test
    void whatWasTakenUpCountsOnlyForTheSameWish() {
        var cluster = Clusters.cluster();
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        var accepted = new AcceptedSwitchover("c-1", at);
        cluster.getMetadata()
                .setAnnotations(
                        Map.of(Annotations.SWITCHOVER, "c-1", Annotations.SWITCHOVER_ACCEPTED, accepted.text()));
        assertThat(AcceptedSwitchover.of(cluster)).contains(accepted);
        assertThat(accepted.expired(at.plusSeconds(60))).isFalse();
        assertThat(accepted.expired(at.plusSeconds(61))).isTrue();
        cluster.getMetadata()
                .setAnnotations(
                        Map.of(Annotations.SWITCHOVER, "c-2", Annotations.SWITCHOVER_ACCEPTED, accepted.text()));
        assertThat(AcceptedSwitchover.of(cluster)).isEmpty();
    }
}
