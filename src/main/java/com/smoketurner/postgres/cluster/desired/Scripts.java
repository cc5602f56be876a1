package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.postgres.Bundled;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The scripts of containers, above all of a member's; they come from the operator, not from the image. */
public final class Scripts {
    static final String ANNOTATE = "annotate";
    static final String API_SERVER = "api_server.py";
    static final String ARCHIVE_WAL = "archive-wal";
    static final String BACKUP = "backup";
    static final String CONVERSION = "conversion.py";
    static final String ENGINE_PGBACKREST = "engine-pgbackrest";
    static final String ENGINE_WAL_G = "engine-wal-g";
    static final String EXPORT_METRICS = "export-metrics";
    static final String NEVER_CREATED = "never-created";
    static final String PATRONICTL = "patronictl";
    static final String PRE_STOP = "pre-stop";
    static final String RECOVERY = "recovery.py";
    static final String REPORT_STORAGE = "report-storage";
    static final String RESTORE = "restore";
    static final String RESTORE_WAL = "restore-wal";
    static final String ROLE_CHANGED = "role-changed";
    static final String RUN = "run";
    static final String SERVE_BACKUPS = "serve-backups";
    static final String UPGRADE = "upgrade";
    static final String VERIFY = "verify";
    static final String WATCH_ARCHIVE = "watch-archive";
    static final String WATCH_STORAGE = "watch-storage";

    private static final SortedMap<String, String> ALL = load();

    /** No member runs these, so members are not recreated for them. */
    private static final Set<String> BESIDE_MEMBERS = Set.of(VERIFY);

    private Scripts() {}

    /** Their texts by name. */
    static SortedMap<String, String> all() {
        return ALL;
    }

    /** The names of those that members have. */
    static List<String> ofMembers() {
        return ALL.keySet().stream()
                .filter(name -> !BESIDE_MEMBERS.contains(name))
                .toList();
    }

    /** The path of a script inside the container. */
    public static String path(String name) {
        return Paths.SCRIPTS + "/" + name;
    }

    private static SortedMap<String, String> load() {
        var scripts = new TreeMap<String, String>();
        for (var name : List.of(
                ANNOTATE,
                API_SERVER,
                ARCHIVE_WAL,
                BACKUP,
                CONVERSION,
                ENGINE_PGBACKREST,
                ENGINE_WAL_G,
                EXPORT_METRICS,
                NEVER_CREATED,
                PATRONICTL,
                PRE_STOP,
                RECOVERY,
                REPORT_STORAGE,
                RESTORE,
                RESTORE_WAL,
                ROLE_CHANGED,
                RUN,
                SERVE_BACKUPS,
                UPGRADE,
                VERIFY,
                WATCH_ARCHIVE,
                WATCH_STORAGE)) {
            scripts.put(name, Bundled.program(name));
        }
        return Collections.unmodifiableSortedMap(scripts);
    }
}
