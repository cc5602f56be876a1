package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PathsTest {

    @Test
    void theBackupEngineLooksWhereMembersHaveTheirDataAndSockets() throws IOException {
        assertThat(Files.readString(Path.of("src/test/resources/golden/backup/gcs.pgbackrest")))
                .contains("pg1-path=" + Paths.PGDATA + "\n", "pg1-socket-path=" + Paths.SOCKETS + "\n");
    }
}
