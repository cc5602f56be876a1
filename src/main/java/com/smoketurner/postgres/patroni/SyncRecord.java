package com.smoketurner.postgres.patroni;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is synchronous, in the annotations of the Endpoints {@code <c>-sync}.
 *
 * @param leader the leader that wrote it
 * @param standbys members that have every acknowledged commit, or from which a quorum has
 */
public record SyncRecord(String leader, List<String> standbys) {
    public SyncRecord {
        standbys = List.copyOf(standbys);
    }

    /** The record in the annotations; empty with asynchronous replication. */
    public static Optional<SyncRecord> of(@Nullable Map<String, String> annotations) {
        if (annotations == null) {
            return Optional.empty();
        }
        var leader = annotations.get("leader");
        if (leader == null || leader.isEmpty()) {
            return Optional.empty();
        }
        var standbys = Stream.of(annotations.getOrDefault("sync_standby", "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return Optional.of(new SyncRecord(leader, standbys));
    }
}
