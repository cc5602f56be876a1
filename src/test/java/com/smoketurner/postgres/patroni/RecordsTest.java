package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecordsTest {
    @Test
    void aReplica() {
        var member = MemberRecord.parse("""
                        {"conn_url":"postgres://10.0.0.7:5432/postgres","api_url":"https://10.0.0.7:8008/patroni",
                        "state":"running","role":"replica","version":"4.1.5","xlog_location":83886080,
                        "replay_lsn":83886000,"receive_lsn":83886080,"replication_state":"streaming","timeline":3,
                        "tags":{"nofailover":true},"pending_restart":true,"pending_restart_reason":
                        {"max_connections":{"old_value":"100","new_value":"500"}}}
                        """).orElseThrow();

        assertThat(member.isStreaming()).isTrue();
        assertThat(member.role()).isEqualTo("replica");
        assertThat(member.timeline()).isEqualTo(3);
        assertThat(member.xlogLocation()).isEqualTo(83886080);
        assertThat(member.replayLsn()).isEqualTo(83886000);
        assertThat(member.receiveLsn()).isEqualTo(83886080);
        assertThat(member.pendingRestart()).isTrue();
        assertThat(member.pendingRestartReason())
                .containsExactly(Map.entry("max_connections", new MemberRecord.Change("100", "500")));
        assertThat(member.tags()).containsExactly(Map.entry("nofailover", "true"));
    }

    @Test
    void aMemberThatIsBeingBuilt() {
        var member = MemberRecord.parse("{\"state\":\"creating replica\",\"role\":\"uninitialized\"}")
                .orElseThrow();

        assertThat(member.isRunning()).isFalse();
        assertThat(member.isStreaming()).isFalse();
        assertThat(member.timeline()).isNull();
        assertThat(member.pendingRestart()).isFalse();
        assertThat(member.tags()).isEmpty();
    }

    @Test
    void nothingReadable() {
        assertThat(MemberRecord.parse(null)).isEmpty();
        assertThat(MemberRecord.parse("")).isEmpty();
        assertThat(MemberRecord.parse("{")).isEmpty();
        assertThat(MemberRecord.parse("[]")).isEmpty();
        assertThat(LeaderRecord.of(null)).isEmpty();
        assertThat(LeaderRecord.of(Map.of("optime", "1"))).isEmpty();
        assertThat(ConfigRecord.of(Map.of("config", "oops"))).isEmpty();
        assertThat(FailoverRecord.of(Map.of())).isEmpty();
        assertThat(SyncRecord.of(Map.of("leader", ""))).isEmpty();
    }

    @Test
    void theLeader() {
        var leader = LeaderRecord.of(Map.of(
                "leader", "my-cluster-1",
                "optime", "83886080",
                "ttl", "20",
                "renewTime", "2026-11-22T23:30:08.070712+00:00",
                "acquireTime", "2026-11-22T20:00:00+00:00",
                "transitions", "4",
                "retain_slots", "[\"my-cluster-2\"]"));

        assertThat(leader)
                .contains(new LeaderRecord(
                        "my-cluster-1",
                        83886080L,
                        20,
                        Instant.parse("2026-11-22T23:30:08.070712Z"),
                        Instant.parse("2026-11-22T20:00:00Z"),
                        4,
                        List.of("my-cluster-2")));
    }

    @Test
    void aLockWithUnreadableDetailsIsStillHeld() {
        assertThat(LeaderRecord.of(Map.of("leader", "c-0", "renewTime", "now", "ttl", "x")))
                .contains(new LeaderRecord("c-0", null, null, null, null, null, List.of()));
    }

    @Test
    void theClusterAsAWhole() {
        var record = ConfigRecord.of(Map.of(
                        "initialize", "7430000000000000001", "config", "{\"ttl\":20,\"pause\":true}", "history", "[]"))
                .orElseThrow();

        assertThat(record.systemId()).isEqualTo("7430000000000000001");
        var config = Objects.requireNonNull(record.config());
        assertThat(config.ttl()).isEqualTo(20);
        assertThat(config.paused()).isTrue();
        assertThat(ConfigRecord.of(Map.of("initialize", ""))).isEmpty();
    }

    @Test
    void requestsAndSynchronousMembers() {
        assertThat(FailoverRecord.of(Map.of("leader", "c-0", "member", "c-1")))
                .contains(new FailoverRecord("c-0", "c-1", null));
        assertThat(SyncRecord.of(Map.of("leader", "c-0", "sync_standby", "c-1,c-2", "quorum", "1")))
                .contains(new SyncRecord("c-0", List.of("c-1", "c-2")));
    }

    @Test
    void whatHasTheConfiguredValueWaitsForNoRestart() {
        MemberRecord record = MemberRecord.parse("""
                        {"state": "running", "pending_restart": true, "pending_restart_reason": {
                          "max_connections": {"old_value": "90", "new_value": "77"},
                          "shared_buffers": {"old_value": "128MB", "new_value": "200MB"}}}""").orElseThrow();
        MemberRecord one = record.withoutPending(Map.of("max_connections", "90", "shared_buffers", "96MB"));
        assertThat(one.pendingRestart()).isTrue();
        assertThat(one.pendingRestartReason()).containsOnlyKeys("shared_buffers");
        MemberRecord none = record.withoutPending(Map.of("max_connections", "90", "shared_buffers", "131072kB"));
        assertThat(none.pendingRestart()).isFalse();
        assertThat(none.pendingRestartReason()).isEmpty();
        assertThat(record.withoutPending(Map.of())).isEqualTo(record);
    }
}
