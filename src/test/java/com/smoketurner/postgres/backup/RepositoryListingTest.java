package com.smoketurner.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.backup.EngineFailure.Cause;
import com.smoketurner.postgres.backup.RepositoryListing.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryListingTest {
    private static final Path RECORDED = Path.of("src/test/resources/backup");

    @Test
    void pgBackRest() throws IOException {
        var listing = listing(BackupEngine.PG_BACK_REST, read("pgbackrest/three-backups.stdout"));

        assertThat(listing.backups()).hasSize(3).isEqualTo(listing.usable());
        var full = listing.backups().getFirst();
        assertThat(full.full()).isTrue();
        assertThat(full.major()).isEqualTo("16");
        assertThat(full.timeline()).isEqualTo(1);
        assertThat(full.systemIdentifier()).matches("\\d{19}");
        assertThat(full.bytes()).isGreaterThan(1_000_000);
        assertThat(full.id()).isEqualTo("a1");
        assertThat(full.cluster()).isEqualTo("11111111-2222-3333-4444-555555555555");
        assertThat(full.stop()).isGreaterThan(full.start());
        assertThat(full.stopped()).isAfterOrEqualTo(full.started());
        assertThat(full.damaged()).isFalse();
        var last = listing.backups().getLast();
        assertThat(last.needs())
                .containsExactly(full.name(), listing.backups().get(1).name());
        assertThat(Objects.requireNonNull(listing.archive().get(1)).last().start())
                .isGreaterThanOrEqualTo(Lsn.parse("0/C000000"));
        assertThat(listing.owner()).isNotNull();
    }

    @Test
    void anEmptyRepository() throws IOException {
        assertThat(listing(BackupEngine.PG_BACK_REST, read("pgbackrest/empty.stdout")))
                .isEqualTo(RepositoryListing.empty());
    }

    /** Recorded by the authors of WAL-G on a server of theirs, two timelines long. */
    @Test
    void walG() throws IOException {
        var listing = listing(BackupEngine.WAL_G, listed("wal-g", read("wal-g/backup-list.json")));

        assertThat(listing.backups()).hasSize(11).isEqualTo(listing.usable());
        var full = listing.backup("base_000000430000030600000060").orElseThrow();
        assertThat(full)
                .isEqualTo(new Backup(
                        "base_000000430000030600000060",
                        new TreeSet<>(),
                        Instant.parse("2025-12-20T02:00:01.793015Z"),
                        Instant.parse("2025-12-20T02:00:18.538578Z"),
                        0x43,
                        Lsn.parse("306/60000028"),
                        Lsn.parse("306/600BEAC0"),
                        "15",
                        "7507672962298572862",
                        858502390,
                        2604967632L,
                        null,
                        null,
                        false,
                        false));
        assertThat(listing.backup("base_0000004300000388000000BB_D_0000004300000388000000AC")
                        .orElseThrow()
                        .needs())
                .containsExactly(
                        "base_000000430000038500000003", "base_0000004300000388000000AC_D_000000430000038500000003");
        assertThat(listing.newest().orElseThrow().timeline()).isEqualTo(0x44);
        assertThat(listing.knownTimelines()).containsExactly(1, 0x43, 0x44);
    }

    @Test
    void walGsUserData() {
        String backup = """
                [{"backup_name":"base_000000010000000000000005_D_000000010000000000000002",
                  "wal_file_name":"000000010000000000000005","start_time":"2026-01-01T00:00:00Z",
                  "finish_time":"2026-01-01T00:01:00Z","pg_version":160004,"start_lsn":83886120,"finish_lsn":83886336,
                  "is_permanent":true,"user_data":{"id":"scheduled-20260101T000000Z","cluster":"uid"}}]""";
        var listing = listing(BackupEngine.WAL_G, listed("wal-g", backup));

        var delta = listing.backups().getFirst();
        assertThat(delta.needs()).containsExactly("base_000000010000000000000002");
        assertThat(delta.major()).isEqualTo("16");
        assertThat(delta.cluster()).isEqualTo("uid");
        assertThat(delta.permanent()).isTrue();
        assertThat(listing.usable()).as("its base is gone").isEmpty();
        assertThat(listing.backupOf("scheduled-20260101T000000Z")).contains(delta);
    }

    @Test
    void histories() {
        String listed = """
                {"engine":"pgbackrest","backups":[],"archive":
                 {"1":{"min":"000000010000000000000001","max":"000000010000000000000003"},
                  "3":{"min":"000000030000000000000004","max":"00000003000000000000000A",
                       "since":"2026-11-29T10:00:00Z","until":"2026-11-29T11:00:00.5Z"}},
                 "histories":{"2":"1\\t0/3000148\\tno recovery target specified\\n",
                              "3":"# comment\\n1\\t0/3000148\\tno recovery target specified\\n\\n2\\t0/4000000\\tbefore 2026\\n"},
                 "owner":{"uid":"u","namespace":"n","name":"c","kubernetes":"k"}}""";
        var listing = listing(BackupEngine.PG_BACK_REST, listed);

        var timelines = listing.timelines();
        assertThat(timelines.path(3)).containsExactly(1, 2, 3);
        assertThat(timelines.origin(3)).contains(new Timelines.Fork(2, Lsn.parse("0/4000000")));
        assertThat(timelines.contains(3, 1, Lsn.parse("0/3000148"))).isTrue();
        assertThat(timelines.contains(3, 1, Lsn.parse("0/3000149"))).isFalse();
        assertThat(timelines.contains(2, 3, Lsn.parse("0/1"))).isFalse();
        assertThat(timelines.timelineAt(3, Lsn.parse("0/3500000"))).isEqualTo(2);
        assertThat(listing.archive().get(3))
                .isEqualTo(new ArchivedWal(
                        WalSegment.parse("000000030000000000000004").orElseThrow(),
                        WalSegment.parse("00000003000000000000000A").orElseThrow(),
                        Instant.parse("2026-11-29T10:00:00Z"),
                        Instant.parse("2026-11-29T11:00:00.5Z")));
        assertThat(listing.owner()).isEqualTo(new Owner("u", "n", "c", "k"));
        assertThat(listing.knownTimelines()).containsExactly(1, 2, 3);
    }

    @Test
    void anUnreadableRepositoryIsNeverAnEmptyOne() {
        String other = """
                [{"archive":[],"backup":[],"db":[],"name":"main","repo":[{"key":1,"status":{"code":99,
                "message":"[HostConnectError] unable to get address for 's3': [-2] Name or service not known"}}],
                "status":{"code":99,"message":"other"}}]""";
        assertThat(failure(listed("pgbackrest", other)).cause()).isEqualTo(Cause.HOST_NAME_UNKNOWN);
        assertThat(failure(listed("pgbackrest", other.replace("\"code\":99,\n", "\"code\":3,\n")))
                        .cause())
                .isEqualTo(Cause.INFO_MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "nonsense", "{\"backups\":[],\"owner\":{}}", "{\"backups\":[{}]}"})
    void otherAnswersAreFailures(String answer) {
        assertThat(failure(answer).message()).startsWith("the backup engine failed (unexpected answer: ");
    }

    @Test
    void segments() {
        var segment = WalSegment.parse("0000000A00000002000000FF").orElseThrow();
        assertThat(segment.start()).isEqualTo(Lsn.parse("2/FF000000"));
        assertThat(segment.end()).isEqualTo(Lsn.parse("3/0"));
        assertThat(segment.toString()).isEqualTo("0000000A00000002000000FF");
        assertThat(WalSegment.parse("0000000A.history")).isEmpty();
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF"))
                .isGreaterThan(Lsn.parse("0/1"))
                .hasToString("FFFFFFFF/FFFFFFFF");
    }

    private static RepositoryListing listing(BackupEngine engine, String answer) {
        return switch (RepositoryListing.read(Engine.of(engine), 0, answer, "")) {
            case Answer.Listed(RepositoryListing listing) -> listing;
            case Answer.Failed(EngineFailure failure) -> throw new AssertionError(failure.message());
        };
    }

    private static EngineFailure failure(String answer) {
        return switch (RepositoryListing.read(Engine.of(BackupEngine.PG_BACK_REST), 0, answer, "")) {
            case Answer.Listed(RepositoryListing listing) -> throw new AssertionError(listing.toString());
            case Answer.Failed(EngineFailure failure) -> failure;
        };
    }

    private static String listed(String engine, String backups) {
        return "{\"engine\":\"%s\",\"backups\":%s,\"histories\":{},\"archive\":{},\"owner\":null}"
                .formatted(engine, backups);
    }

    private static String read(String file) throws IOException {
        return Files.readString(RECORDED.resolve(file));
    }
}
