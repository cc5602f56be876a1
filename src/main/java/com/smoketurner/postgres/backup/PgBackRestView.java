package com.smoketurner.postgres.backup;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the template of {@code pgbackrest.conf} needs to know: flat, sorted, complete.
 *
 * @param repository settings of the repository by name, without {@code repo1-}
 * @param compression pgBackRest's word for it
 * @param uploads processes of a backup
 * @param downloads processes of a restore
 * @param serving whether the members serve each other's backups
 * @param client common name of the certificate of whoever may be served; empty without serving
 * @param authority SHA-256 of the file with the certificate of the only authority that may have signed it
 */
@RegisterForReflection
record PgBackRestView(
        SortedMap<String, String> repository,
        String compression,
        String uploads,
        String downloads,
        String dataDirectory,
        String socketDirectory,
        boolean serving,
        String client,
        String authority,
        String tlsDirectory) {
    PgBackRestView {
        repository = Collections.unmodifiableSortedMap(new TreeMap<>(repository));
    }
}
