package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.patroni.MemberRecord;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far each member is in the write-ahead log, in bytes, by what it last said of itself: what a primary has written, what
 * a replica has replayed. They move all the time and wake nobody.
 *
 * @param byMember positions by the member's name; a member that says none is missing
 * @param past how it came to be
 */
public record WalPositions(SortedMap<String, Long> byMember, ReplicationHistory past) {

    public static final WalPositions UNKNOWN = new WalPositions(new TreeMap<>(), ReplicationHistory.UNKNOWN);

    public WalPositions {
        byMember = Collections.unmodifiableSortedMap(new TreeMap<>(byMember));
    }

    public static WalPositions of(List<Pod> pods, ReplicationHistory past) {
        SortedMap<String, Long> positions = new TreeMap<>();
        for (Pod pod : pods) {
            Optional.ofNullable(pod.getMetadata().getAnnotations())
                    .map(annotations -> annotations.get(MemberRecord.ANNOTATION))
                    .flatMap(MemberRecord::parse)
                    .map(WalPositions::position)
                    .ifPresent(position -> positions.put(pod.getMetadata().getName(), position));
        }
        return new WalPositions(positions, past);
    }

    /** A replica's {@code xlog_location} is what it has received or replayed, whichever is more. */
    private static @Nullable Long position(MemberRecord record) {
        return record.replayLsn() != null ? record.replayLsn() : record.xlogLocation();
    }

    /** The bytes that a replica has not replayed of what the primary has written; nothing where one of them is unknown. */
    public OptionalLong lag(String primary, String replica) {
        Map<String, Long> known = byMember;
        Long written = known.get(primary);
        Long replayed = known.get(replica);
        return written == null || replayed == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, written - replayed));
    }
}
