package com.smoketurner.postgres.backup;

import java.util.SortedMap;
import java.util.TreeMap;

/** The files that both engines have. */
final class CommonFiles {
    static final String GCS = "gcs.json";

    private CommonFiles() {}

    static SortedMap<String, String> of(Engine engine, RepositorySettings settings) {
        var files = new TreeMap<String, String>();
        files.put(RepositoryFolder.ENGINE, engine.word());
        files.put(RepositoryFolder.PATH, settings.location().path());
        files.put(RepositoryFolder.RESTORE_TIMEOUT, Integer.toString(settings.restoreTimeout()));
        if (settings.ca() != null) {
            files.put(RepositoryFolder.CA, settings.ca());
        }
        settings.credentials().value(StoreCredentials.GCS_KEY).ifPresent(json -> files.put(GCS, json));
        return files;
    }
}
