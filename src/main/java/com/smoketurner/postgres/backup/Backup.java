package com.smoketurner.postgres.backup;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A base backup in a repository, whichever engine took it.
 *
 * @param name in the engine's own listing
 * @param needs names of all backups without which it cannot be restored; none for a full backup
 * @param started when it began
 * @param stopped when it ended: the earliest time that a restore from it can reach
 * @param timeline on which it was taken
 * @param start position from which its WAL is needed
 * @param stop position at which it is consistent: the earliest that a restore from it can reach
 * @param major version of PostgreSQL
 * @param systemIdentifier of the database; null when the engine does not tell
 * @param bytes it added to the repository
 * @param databaseBytes how large the data is that it restores; 0 when the engine does not tell
 * @param id of the job that took it; null for one that the operator did not ask for
 * @param cluster UID of the cluster that took it; null when it does not tell
 * @param damaged the engine found pages with wrong checksums while it took the backup
 * @param permanent marked in the engine itself to be kept for ever
 */
public record Backup(
        String name,
        SortedSet<String> needs,
        Instant started,
        Instant stopped,
        int timeline,
        Lsn start,
        Lsn stop,
        String major,
        @Nullable String systemIdentifier,
        long bytes,
        long databaseBytes,
        @Nullable String id,
        @Nullable String cluster,
        boolean damaged,
        boolean permanent) {

    public Backup {
        needs = Collections.unmodifiableSortedSet(new TreeSet<>(needs));
    }

    /** Whether it can be restored by itself. */
    public boolean full() {
        return needs.isEmpty();
    }
}
