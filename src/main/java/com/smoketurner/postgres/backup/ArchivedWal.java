package com.smoketurner.postgres.backup;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is archived of one timeline.
 *
 * @param first segment
 * @param last segment
 * @param since when its first file was archived; null when the engine does not tell
 * @param until when its last segment was archived: no transaction in it was committed later; null when the engine does not tell
 */
public record ArchivedWal(
        WalSegment first,
        WalSegment last,
        @Nullable Instant since,
        @Nullable Instant until) {}
