package com.smoketurner.postgres.cluster.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaFaultTest {

    private static Member member(String state, boolean answers, boolean streams, boolean ready, String used) {
        String status = "{\"state\":\"%s\",\"role\":\"replica\"%s%s}"
                .formatted(
                        state,
                        answers ? ",\"xlog_location\":7" : "",
                        streams ? ",\"replication_state\":\"streaming\"" : "");
        return Member.of(new PodBuilder()
                .withNewMetadata()
                .withName("c-1")
                .withLabels(Map.of())
                .withAnnotations(Map.of("status", status, Annotations.STORAGE_USED, used))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "running,          true,  true,  true,  NONE",
        "running,          true,  true,  false, UNDECIDED",
        "running,          true,  false, true,  DETACHED",
        "running,          true,  false, false, DETACHED",
        "running,          false, false, true,  DETACHED",
        "running,          false, false, false, SILENT",
        "start failed,     false, false, false, DOWN",
        "crashed,          false, false, false, DOWN",
        "stopped,          false, false, false, DOWN",
        "starting,         false, false, false, UNDECIDED",
        "restarting,       false, false, false, UNDECIDED",
        "stopping,         false, false, false, UNDECIDED",
        "creating replica, false, false, false, UNDECIDED"
    })
    void whatAReplicaShows(String state, boolean answers, boolean streams, boolean ready, ReplicaFault fault) {
        assertThat(ReplicaFault.of(member(state, answers, streams, ready, "79"), false))
                .isEqualTo(fault);
        assertThat(ReplicaFault.of(member(state, answers, streams, ready, "99"), false))
                .as("with a full volume")
                .isEqualTo(fault == ReplicaFault.DOWN || fault == ReplicaFault.SILENT ? ReplicaFault.FULL : fault);
        assertThat(ReplicaFault.of(member(state, answers, streams, ready, "99"), true))
                .isEqualTo(ReplicaFault.NONE);
    }
}
