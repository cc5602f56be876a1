package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
    @Test
    void userParametersOverrideTheDefaults() {
        assertThat(Parameters.effective(Map.of("max_connections", "500", "work_mem", "64MB"), "16"))
                .containsEntry("max_connections", "500")
                .containsEntry("work_mem", "64MB")
                .containsEntry("shared_buffers", "128MB");
    }

    @Test
    void namesAreComparedWithoutRegardToCase() {
        assertThat(Parameters.effective(Map.of("Max_Connections", "7"), "16"))
                .containsEntry("max_connections", "7")
                .doesNotContainKey("Max_Connections");
        assertThat(Parameters.isReserved("PORT")).isTrue();
    }

    @Test
    void reservedParametersStayTheOperators() {
        var user = Map.of("archive_mode", "off", "recovery_target_time", "now", "ssl", "off", "work_mem", "1MB");

        assertThat(Parameters.reserved(user)).containsExactly("archive_mode", "recovery_target_time", "ssl");
        assertThat(Parameters.effective(user, "16"))
                .containsEntry("archive_mode", "on")
                .doesNotContainKeys("recovery_target_time", "ssl");
    }

    @Test
    void theWalLevelMustLetReplicasExist() {
        assertThat(Parameters.effective(Map.of("wal_level", "minimal"), "16")).containsEntry("wal_level", "logical");
        assertThat(Parameters.effective(Map.of("wal_level", "replica"), "16")).containsEntry("wal_level", "replica");
        assertThat(Parameters.isSupportedWalLevel("minimal")).isFalse();
        assertThat(Parameters.hasSupportedWalLevel(Map.of("WAL_LEVEL", "minimal")))
                .isFalse();
        assertThat(Parameters.hasSupportedWalLevel(Map.of("wal_level", "Replica", "work_mem", "minimal")))
                .isTrue();
    }

    @Test
    void valuesThatNoFileHoldsAreRefusedAndLeftOut() {
        for (String value : List.of("64MB\n", "a\r", "a\u0000b", "a\u0007b", "a\u007fb", "a\u0085b", "a\u2028b")) {
            assertThat(Parameters.unwritable(Map.of("log_line_prefix", value)).orElseThrow())
                    .startsWith("parameter log_line_prefix: value \"")
                    .doesNotContain("\n", "\r", "\u0000", "\u0007", "\u007f", "\u0085", "\u2028")
                    .contains("line break or another control character");
            assertThat(Parameters.user(Map.of("log_line_prefix", value, "work_mem", "8MB")))
                    .containsOnlyKeys("work_mem");
        }
        assertThat(Parameters.unwritable(Map.of("work_mem", "64MB\n")))
                .contains(
                        "parameter work_mem: value \"64MB\\n\" is not valid (it contains a line break or another control character; remove it)");
    }

    @Test
    void whatOnlyLooksStrangeIsTaken() {
        assertThat(Parameters.unwritable(
                        Map.of("a", "%m\t%p", "b", "it's \\ \"x\" é 漢 😀 ", "c", "", "d", "$(reboot); # ${x}")))
                .isEmpty();
    }

    @Test
    void standbysKeepFailoverSlotsWherePostgresqlCan() {
        assertThat(Parameters.effective(Map.of(), "16")).doesNotContainKey("sync_replication_slots");
        assertThat(Parameters.effective(Map.of(), "17")).containsEntry("sync_replication_slots", "on");
        assertThat(Parameters.effective(Map.of("wal_level", "Logical"), "18"))
                .containsEntry("sync_replication_slots", "on");
        assertThat(Parameters.effective(Map.of("wal_level", "replica"), "18"))
                .containsEntry("sync_replication_slots", "off");
        assertThat(Parameters.effective(Map.of("Sync_Replication_Slots", "off"), "17"))
                .containsEntry("sync_replication_slots", "off");
    }

    @Test
    void manyReplicasNeedRoom() {
        assertThat(Parameters.connectionsOfReplicas(10)).isEqualTo(10);
        assertThat(Parameters.connectionsOfReplicas(11)).isEqualTo(64);
        assertThat(Parameters.connectionsOfReplicas(29)).isEqualTo(64);
        assertThat(Parameters.connectionsOfReplicas(30)).isEqualTo(256);
        assertThat(Parameters.connectionsOfReplicas(100)).isEqualTo(256);
    }
}
