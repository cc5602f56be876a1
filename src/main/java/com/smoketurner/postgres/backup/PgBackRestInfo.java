package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.JsonValues.each;
import static com.smoketurner.postgres.backup.JsonValues.flag;
import static com.smoketurner.postgres.backup.JsonValues.number;
import static com.smoketurner.postgres.backup.JsonValues.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JSON of {@code pgbackrest info}: a list of stanzas, each with its databases and backups. */
final class PgBackRestInfo {
    /** There is a stanza without its file backup.info. */
    private static final long MISSING_DATA = 3;

    /** The repository could not be read. pgbackrest itself ends with 0 then, and lists no backup. */
    private static final long OTHER = 99;

    private PgBackRestInfo() {}

    static Optional<EngineFailure> failure(JsonNode info) {
        return stanzas(info)
                .flatMap(stanza -> Stream.concat(each(stanza, "repo"), Stream.of(stanza)))
                .flatMap(place -> failure(place.path("status"), text(place, "name")).stream())
                .findFirst();
    }

    private static Optional<EngineFailure> failure(JsonNode status, Optional<String> stanza) {
        long code = number(status, "code").orElse(0L);
        String message = text(status, "message").orElse("");
        if (code == MISSING_DATA) {
            return Optional.of(EngineFailure.of(0, "missing stanza data: unable to load info file backup.info"));
        }
        // That of the stanza itself only sums up those of its repositories.
        return code == OTHER && (stanza.isEmpty() || !message.equals("other"))
                ? Optional.of(EngineFailure.of(0, message))
                : Optional.empty();
    }

    static List<Backup> backups(JsonNode info) {
        if (!info.isArray()
                || stanzas(info)
                        .anyMatch(stanza -> number(stanza, "status", "code").isEmpty())) {
            throw new IllegalArgumentException("not the JSON of pgbackrest info");
        }
        return stanzas(info).flatMap(PgBackRestInfo::backupsOf).toList();
    }

    private static Stream<Backup> backupsOf(JsonNode stanza) {
        Map<Long, JsonNode> databases = each(stanza, "db")
                .collect(Collectors.toMap(db -> number(db, "id").orElse(0L), db -> db, (first, second) -> first));
        Map<String, JsonNode> byName = each(stanza, "backup")
                .collect(Collectors.toMap(PgBackRestInfo::label, backup -> backup, (first, second) -> first));
        return byName.values().stream()
                .flatMap(backup -> backup(
                        backup,
                        needs(backup, byName),
                        Optional.ofNullable(
                                databases.get(number(backup, "database", "id").orElse(0L))))
                        .stream());
    }

    /** Nothing for a backup without WAL, which was taken while the server was down, or is not complete. */
    private static Optional<Backup> backup(JsonNode backup, SortedSet<String> needs, Optional<JsonNode> database) {
        var first = WalSegment.parse(text(backup, "archive", "start").orElse(null));
        var last = WalSegment.parse(text(backup, "archive", "stop").orElse(null));
        var started = number(backup, "timestamp", "start");
        var stopped = number(backup, "timestamp", "stop");
        if (first.isEmpty() || last.isEmpty() || started.isEmpty() || stopped.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Backup(
                label(backup),
                needs,
                Instant.ofEpochSecond(started.get()),
                Instant.ofEpochSecond(stopped.get()),
                last.get().timeline(),
                text(backup, "lsn", "start").map(Lsn::parse).orElseGet(first.get()::start),
                text(backup, "lsn", "stop").map(Lsn::parse).orElseGet(last.get()::end),
                database.flatMap(db -> text(db, "version")).orElse(""),
                database.flatMap(db -> text(db, "system-id")).orElse(null),
                number(backup, "info", "repository", "delta").orElse(0L),
                number(backup, "info", "size").orElse(0L),
                text(backup, "annotation", "id").orElse(null),
                text(backup, "annotation", "cluster").orElse(null),
                flag(backup, "error"),
                false));
    }

    /** Those it refers to, and the one it was compared with, which pgBackRest does not delete alone either. */
    private static SortedSet<String> needs(JsonNode backup, Map<String, JsonNode> byName) {
        var needs = new TreeSet<String>();
        var todo = new TreeSet<>(bases(backup));
        while (!todo.isEmpty()) {
            String name = todo.removeFirst();
            if (needs.add(name) && byName.containsKey(name)) {
                todo.addAll(bases(byName.get(name)));
            }
        }
        return needs;
    }

    private static List<String> bases(JsonNode backup) {
        return Stream.concat(each(backup, "reference").map(JsonNode::asText), text(backup, "prior").stream())
                .toList();
    }

    private static String label(JsonNode backup) {
        return text(backup, "label").orElseThrow(() -> new IllegalArgumentException("a backup without a label"));
    }

    private static Stream<JsonNode> stanzas(JsonNode info) {
        return each(info);
    }
}
