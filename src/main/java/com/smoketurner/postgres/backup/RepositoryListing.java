package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.JsonValues.text;
import static com.smoketurner.postgres.backup.JsonValues.time;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in the repository of one major version.
 *
 * @param backups complete ones, in the order in which they ended
 * @param timelines by the history files in the archive
 * @param archive what is archived, by timeline
 * @param owner whose repository it is; null as long as nobody has claimed it
 */
public record RepositoryListing(
        List<Backup> backups,
        Timelines timelines,
        SortedMap<Integer, ArchivedWal> archive,
        @Nullable Owner owner) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came of asking for a listing. */
    public sealed interface Answer {
        /** The repository could be read, though it may be empty. */
        record Listed(RepositoryListing listing) implements Answer {}

        /** It could not be read; nothing is known about what is in it. */
        record Failed(EngineFailure failure) implements Answer {}
    }

    public RepositoryListing {
        backups = backups.stream()
                .sorted(Comparator.comparing(Backup::stopped).thenComparing(Backup::name))
                .toList();
        archive = Collections.unmodifiableSortedMap(new TreeMap<>(archive));
    }

    /**
     * Reads the answer of {@code backup list} in a pod.
     *
     * @param exitCode of the program
     * @param output its standard output: one JSON object
     * @param error its standard error
     */
    public static Answer read(Engine engine, int exitCode, String output, String error) {
        if (exitCode != 0) {
            return new Answer.Failed(EngineFailure.of(exitCode, error));
        }
        try {
            return read(engine, JSON.readTree(output));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new Answer.Failed(EngineFailure.unreadable(output));
        }
    }

    private static Answer read(Engine engine, JsonNode answer) {
        JsonNode owner = answer.path("owner");
        if (!answer.isObject() || (owner.isObject() && text(owner, "uid").isEmpty())) {
            throw new IllegalArgumentException("not a listing");
        }
        Optional<EngineFailure> failure = engine.failureIn(answer.path("backups"));
        return failure.isPresent()
                ? new Answer.Failed(failure.get())
                : new Answer.Listed(new RepositoryListing(
                        engine.backups(answer.path("backups")),
                        Timelines.parse(histories(answer.path("histories"))),
                        archive(answer.path("archive")),
                        owner.isObject() ? owner(owner) : null));
    }

    private static Map<Integer, String> histories(JsonNode node) {
        var histories = new TreeMap<Integer, String>();
        node.properties()
                .forEach(entry -> histories.put(
                        Integer.parseUnsignedInt(entry.getKey()),
                        entry.getValue().asText()));
        return histories;
    }

    private static SortedMap<Integer, ArchivedWal> archive(JsonNode node) {
        var archive = new TreeMap<Integer, ArchivedWal>();
        for (var entry : node.properties()) {
            var wal = entry.getValue();
            var first = WalSegment.parse(text(wal, "min").orElse(null));
            var last = WalSegment.parse(text(wal, "max").orElse(null));
            if (first.isPresent() && last.isPresent()) {
                archive.put(
                        Integer.parseUnsignedInt(entry.getKey()),
                        new ArchivedWal(
                                first.get(),
                                last.get(),
                                time(wal, "since").orElse(null),
                                time(wal, "until").orElse(null)));
            }
        }
        return archive;
    }

    private static Owner owner(JsonNode node) {
        return new Owner(
                text(node, "uid").orElseThrow(),
                text(node, "namespace").orElse(""),
                text(node, "name").orElse(""),
                text(node, "kubernetes").orElse(""));
    }

    /** An empty repository. */
    public static RepositoryListing empty() {
        return new RepositoryListing(List.of(), new Timelines(new TreeMap<>()), new TreeMap<>(), null);
    }

    /** The backup of that name. */
    public Optional<Backup> backup(String name) {
        return backups.stream().filter(backup -> backup.name().equals(name)).findFirst();
    }

    /** The backup that the job of that id took, or a later attempt of it. */
    public Optional<Backup> backupOf(String id) {
        return backups.stream()
                .filter(backup -> backup.id() != null
                        && BackupIds.attemptOf(backup.id(), id).isPresent())
                .findFirst();
    }

    /** Backups whose bases are all there, in the order in which they ended. */
    public List<Backup> usable() {
        return backups.stream().filter(this::usable).toList();
    }

    /** Whether all that a restore of the backup needs is there. */
    public boolean usable(Backup backup) {
        return backup.needs().stream().allMatch(need -> backup(need).isPresent());
    }

    /** The usable backup that ended last. */
    public Optional<Backup> newest() {
        List<Backup> usable = usable();
        return usable.isEmpty() ? Optional.empty() : Optional.of(usable.getLast());
    }

    /** The timelines of which anything is known, in order. */
    public List<Integer> knownTimelines() {
        return Stream.of(
                        timelines.known().stream(),
                        archive.keySet().stream(),
                        backups.stream().map(Backup::timeline))
                .flatMap(stream -> stream)
                .distinct()
                .sorted()
                .toList();
    }
}
