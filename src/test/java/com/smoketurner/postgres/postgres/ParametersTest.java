package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
    @Test
    void userParametersOverrideTheDefaults() {
        assertThat(Parameters.effective(Map.of("max_connections", "500", "work_mem", "64MB")))
                .containsEntry("max_connections", "500")
                .containsEntry("work_mem", "64MB")
                .containsEntry("shared_buffers", "128MB");
    }

    @Test
    void namesAreComparedWithoutRegardToCase() {
        assertThat(Parameters.effective(Map.of("Max_Connections", "7")))
                .containsEntry("max_connections", "7")
                .doesNotContainKey("Max_Connections");
        assertThat(Parameters.isReserved("PORT")).isTrue();
    }

    @Test
    void reservedParametersStayTheOperators() {
        var user = Map.of("archive_mode", "off", "recovery_target_time", "now", "ssl", "off", "work_mem", "1MB");

        assertThat(Parameters.reserved(user)).containsExactly("archive_mode", "recovery_target_time", "ssl");
        assertThat(Parameters.effective(user))
                .containsEntry("archive_mode", "on")
                .doesNotContainKeys("recovery_target_time", "ssl");
    }

    @Test
    void theWalLevelMustLetReplicasExist() {
        assertThat(Parameters.effective(Map.of("wal_level", "minimal"))).containsEntry("wal_level", "logical");
        assertThat(Parameters.effective(Map.of("wal_level", "replica"))).containsEntry("wal_level", "replica");
        assertThat(Parameters.isSupportedWalLevel("minimal")).isFalse();
        assertThat(Parameters.hasSupportedWalLevel(Map.of("WAL_LEVEL", "minimal")))
                .isFalse();
        assertThat(Parameters.hasSupportedWalLevel(Map.of("wal_level", "Replica", "work_mem", "minimal")))
                .isTrue();
    }
}
