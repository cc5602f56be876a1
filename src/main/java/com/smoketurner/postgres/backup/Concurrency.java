package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.ResourceAmounts;
import com.smoketurner.postgres.api.ResourcesSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How many transfers run side by side. They share CPU and memory of the container with PostgreSQL, which a backup must never
 * cost its life.
 *
 * @param uploads of a backup, at least 1
 * @param downloads of a restore, at least 1
 */
public record Concurrency(int uploads, int downloads) {

    /** What one transfer needs: a compressor, an encryptor and buffers of a connection. */
    private static final BigDecimal MEMORY_EACH = BigDecimal.valueOf(64L << 20);

    /**
     * Each one of pgBackRest is a process that compresses and encrypts. Without a limit of the CPU one does not disturb the
     * server; a restore has no server yet.
     */
    private static final int UPLOADS_WITHOUT_LIMIT = 1;

    private static final int DOWNLOADS_WITHOUT_LIMIT = 2;

    /** Those of WAL-G share one process and mostly wait for the network. */
    private static final int TRANSFERS_PER_CPU = 4;

    /**
     * What was requested, unless the container is too small for that.
     *
     * @param uploads requested
     * @param downloads requested
     * @param resources of the container
     */
    public static Concurrency of(BackupEngine engine, int uploads, int downloads, @Nullable ResourcesSpec resources) {
        ResourceAmounts limits = resources == null ? null : resources.limits();
        return new Concurrency(
                Math.min(uploads, bound(engine, limits, UPLOADS_WITHOUT_LIMIT)),
                Math.min(downloads, bound(engine, limits, DOWNLOADS_WITHOUT_LIMIT)));
    }

    /** @param processes of pgBackRest where the CPU has no limit */
    private static int bound(BackupEngine engine, @Nullable ResourceAmounts limits, int processes) {
        int byCpu = limits == null || limits.cpu() == null
                ? unlimited(engine, processes)
                : perCpu(engine) * whole(amount(limits.cpu()));
        int byMemory = limits == null || limits.memory() == null
                ? Integer.MAX_VALUE
                : whole(amount(limits.memory()).divide(MEMORY_EACH, RoundingMode.FLOOR));
        return Math.max(1, Math.min(byCpu, byMemory));
    }

    private static int unlimited(BackupEngine engine, int processes) {
        return engine == BackupEngine.PG_BACK_REST ? processes : Integer.MAX_VALUE;
    }

    private static int perCpu(BackupEngine engine) {
        return engine == BackupEngine.PG_BACK_REST ? 1 : TRANSFERS_PER_CPU;
    }

    private static BigDecimal amount(Quantity quantity) {
        return quantity.getNumericalAmount();
    }

    /** Whole units, at least 1 and no more than a container could ever have. */
    private static int whole(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.FLOOR)
                .min(BigDecimal.valueOf(1024))
                .max(BigDecimal.ONE)
                .intValue();
    }
}
