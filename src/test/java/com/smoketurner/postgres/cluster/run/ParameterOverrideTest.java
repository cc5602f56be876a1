package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterOverrideTest {

    private static final ParameterOverride SYSTEM = new ParameterOverride("work_mem", "64MB", "8MB", "c-1", null, null);

    @Test
    void whoSetWhatIsSaidAndHowToTakeItBack() {
        assertThat(SYSTEM.text())
                .isEqualTo(
                        "on c-1 ALTER SYSTEM sets work_mem to \"8MB\" instead of \"64MB\": run ALTER SYSTEM RESET work_mem and SELECT pg_reload_conf() there");
        assertThat(new ParameterOverride("work_mem", "64MB", "8MB", "c-0", "shop", "My App").text())
                .isEqualTo(
                        "ALTER ROLE \"My App\" IN DATABASE shop sets work_mem to \"8MB\" instead of \"64MB\" for its sessions: run ALTER ROLE \"My App\" IN DATABASE shop RESET work_mem");
        assertThat(new ParameterOverride("work_mem", "64MB", "8MB", "c-0", "shop", null).text())
                .contains("run ALTER DATABASE shop RESET work_mem");
    }

    @Test
    void manyAreCounted() {
        assertThat(ParameterOverride.text(Collections.nCopies(7, SYSTEM)))
                .contains("; on c-1")
                .endsWith("; and 2 more");
        assertThat(ParameterOverride.text(List.of(SYSTEM))).isEqualTo(SYSTEM.text());
    }
}
