package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwitchoverStepTest {

    @Test
    void aFailureQuotesTheServersOfBrokenReplicas() {
        Members replica = Members.member(1, false, false);
        String note = "2026-03-01T12:00:00Z 500 ";
        assertThat(causes(
                        replica.annotated(Map.of(Annotations.BROKEN_SINCE, note + "sorry, too many clients already"))))
                .isEqualTo("; the server of c-1: sorry, too many clients already");
        assertThat(causes(replica.annotated(Map.of(Annotations.BROKEN_SINCE, note.strip()))))
                .isEmpty();
        assertThat(causes(replica)).isEmpty();
    }

    private static String causes(Members replica) {
        return SwitchoverStep.causes(
                Observed.members(Members.member(0, true, true).build(), replica.build())
                        .build());
    }
}
