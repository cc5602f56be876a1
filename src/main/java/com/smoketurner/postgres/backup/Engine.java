package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.api.BackupEngine;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A program that takes, keeps and restores backups: what it is told, and what its answers mean. */
public sealed interface Engine permits PgBackRest, WalG {

    /** The engine of that name. */
    static Engine of(BackupEngine engine) {
        return switch (engine) {
            case PG_BACK_REST -> new PgBackRest();
            case WAL_G -> new WalG();
        };
    }

    /** Which one it is. */
    BackupEngine name();

    /** The word for it in the pods: the suffix of its dispatch script. */
    String word();

    /**
     * The files, by name, that tell the engine about a repository; refused where it lacks what is requested. They contain
     * secrets. The major version is no part of them: the scripts in the pod add it at each call.
     */
    Checked<SortedMap<String, String>> files(RepositorySettings settings);

    /**
     * What the engine's own listing says went wrong; nothing when it lists what there is.
     *
     * @param listing JSON of {@code pgbackrest info} or {@code wal-g backup-list --detail}
     */
    Optional<EngineFailure> failureIn(JsonNode listing);

    /**
     * The complete backups in the engine's own listing; IllegalArgumentException when it is none.
     *
     * @param listing JSON of {@code pgbackrest info} or {@code wal-g backup-list --detail}
     */
    List<Backup> backups(JsonNode listing);
}
