package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.smoketurner.postgres.naming.Fingerprint;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The folders of a pod that tell its scripts about a repository, and their files but for those of the engine. */
public enum RepositoryFolder {
    /** Where the cluster's own backups go. */
    BACKUP("/etc/backup"),

    /** Where the cluster is restored from. */
    RESTORE("/etc/restore");

    static final String ENGINE = "engine";
    public static final String PATH = "path";
    static final String CA = "ca.crt";
    static final String RESTORE_TIMEOUT = "restore-timeout";

    /** File with the hash of all others, which tells a script whether it sees the files that the operator wrote last. */
    public static final String REVISION = "revision";

    /** File with the UID of the cluster, present once the location is known to belong to it: the gate of archiving. */
    public static final String CLAIMED = "claimed";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String path;

    RepositoryFolder(String path) {
        this.path = path;
    }

    /** The folder in the container. */
    public String path() {
        return path;
    }

    /** A file in the folder. */
    String file(String name) {
        return path + "/" + name;
    }

    /**
     * The files of {@link #BACKUP}.
     *
     * @param engine files that {@link Engine#files} made
     * @param owner who this cluster is
     * @param archiving whether WAL is archived
     * @param heartbeat seconds after which an idle server writes a little WAL, so that the recovery window moves; 0 for never
     * @param claimed whether the location is known to belong to this cluster
     */
    public static SortedMap<String, String> backup(
            Map<String, String> engine, Owner owner, boolean archiving, int heartbeat, boolean claimed) {
        var files = new TreeMap<>(engine);
        files.put("owner", json(owner));
        files.put("archiving", archiving ? "on" : "off");
        files.put("heartbeat", Integer.toString(heartbeat));
        files.put(REVISION, Fingerprint.of(json(files)));
        if (claimed) {
            files.put(CLAIMED, owner.uid());
        }
        return files;
    }

    /**
     * The files of {@link #RESTORE}.
     *
     * @param engine files that {@link Engine#files} made
     * @param identity of the restore: the same for the same source, target and cluster only
     */
    public static SortedMap<String, String> restore(Map<String, String> engine, String identity) {
        var files = new TreeMap<>(engine);
        files.put("identity", identity);
        files.put(REVISION, Fingerprint.of(json(files)));
        return files;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record or a map of texts has a JSON form", e);
        }
    }
}
