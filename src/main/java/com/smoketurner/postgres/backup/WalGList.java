package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.JsonValues.each;
import static com.smoketurner.postgres.backup.JsonValues.flag;
import static com.smoketurner.postgres.backup.JsonValues.number;
import static com.smoketurner.postgres.backup.JsonValues.text;
import static com.smoketurner.postgres.backup.JsonValues.time;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The JSON of {@code wal-g backup-list --detail --json}: a list of backups. */
final class WalGList {
    private static final Pattern DELTA = Pattern.compile("base_([0-9A-F]{24})_D_([0-9A-F]{24})(_[0-9A-F]+)?");

    /** 160004 is 16.4. */
    private static final long VERSIONS_OF_A_MAJOR = 10_000;

    private WalGList() {}

    static List<Backup> backups(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("not the JSON of wal-g backup-list");
        }
        Map<String, String> bySegment = new HashMap<>();
        each(list).forEach(backup -> bySegment.put(segment(backup), name(backup)));
        return each(list).flatMap(backup -> backup(backup, bySegment).stream()).toList();
    }

    /** Nothing where the details of a backup could not be read: WAL-G gives zeros then. */
    private static Optional<Backup> backup(JsonNode backup, Map<String, String> bySegment) {
        var first = WalSegment.parse(segment(backup));
        var started = time(backup, "start_time");
        var stopped = time(backup, "finish_time");
        var start = number(backup, "start_lsn").filter(lsn -> lsn != 0);
        var stop = number(backup, "finish_lsn").filter(lsn -> lsn != 0);
        if (first.isEmpty() || started.isEmpty() || stopped.isEmpty() || start.isEmpty() || stop.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Backup(
                name(backup),
                needs(name(backup), bySegment),
                started.get(),
                stopped.get(),
                first.get().timeline(),
                new Lsn(start.get()),
                new Lsn(stop.get()),
                number(backup, "pg_version")
                        .map(version -> Long.toString(version / VERSIONS_OF_A_MAJOR))
                        .orElse(""),
                text(backup, "system_identifier").orElse(null),
                number(backup, "compressed_size").orElse(0L),
                number(backup, "uncompressed_size").orElse(0L),
                text(backup, "user_data", "id").orElse(null),
                text(backup, "user_data", "cluster").orElse(null),
                false,
                flag(backup, "is_permanent")));
    }

    /** The name of a delta ends with the first segment of the backup it was compared with. */
    private static SortedSet<String> needs(String name, Map<String, String> bySegment) {
        var needs = new TreeSet<String>();
        var delta = DELTA.matcher(name);
        while (delta.matches()) {
            String base = bySegment.getOrDefault(delta.group(2), "base_" + delta.group(2));
            if (!needs.add(base)) {
                break;
            }
            delta = DELTA.matcher(base);
        }
        return needs;
    }

    private static String segment(JsonNode backup) {
        return text(backup, "wal_file_name").orElse("");
    }

    private static String name(JsonNode backup) {
        return text(backup, "backup_name").orElseThrow(() -> new IllegalArgumentException("a backup without a name"));
    }
}
