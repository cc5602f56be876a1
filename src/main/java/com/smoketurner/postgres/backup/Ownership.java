package com.smoketurner.postgres.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whose a repository is. */
public sealed interface Ownership {

    /**
     * So long after its last write another cluster, of another Kubernetes, counts as gone: the WAL of a cluster that lives is
     * archived every 5 minutes.
     */
    Duration SILENCE = Duration.ofMinutes(15);

    /** The marker names this cluster. */
    record Ours() implements Ownership {}

    /** Nobody's, or that of a cluster that no longer exists and had the same data: it may be claimed. */
    record Free() implements Ownership {}

    /**
     * That of another cluster, which may write to it, or has other data.
     *
     * @param message who that is and what to do
     */
    record Foreign(String message) implements Ownership {}

    /**
     * Judges a repository.
     *
     * @param self who asks
     * @param exists whether the cluster of the marker is in this Kubernetes and not deleted
     * @param systemIdentifier of the data of the cluster that asks, which it has from the source it was restored from; null as
     *     long as it is not known
     */
    static Ownership of(
            RepositoryListing listing, Owner self, boolean exists, @Nullable String systemIdentifier, Instant now) {
        Owner owner = listing.owner();
        if (owner != null && owner.uid().equals(self.uid())) {
            return new Ours();
        }
        if (owner != null && exists) {
            return new Foreign("the prefix in the bucket belongs to %s; set another spec.backup.destination.path"
                    .formatted(who(owner)));
        }
        return written(listing, owner, self, now)
                .or(() -> otherData(listing, owner, systemIdentifier))
                .orElseGet(Free::new);
    }

    /** A cluster that is not in this Kubernetes, or whose marker is missing, and that has written lately. */
    private static Optional<Ownership> written(
            RepositoryListing listing, @Nullable Owner owner, Owner self, Instant now) {
        if (owner != null && !owner.kubernetes().isEmpty() && owner.kubernetes().equals(self.kubernetes())) {
            return Optional.empty();
        }
        return lastWrite(listing)
                .filter(last -> now.isBefore(last.plus(SILENCE)))
                .map(last -> new Foreign(("the prefix in the bucket belongs to %s, which wrote to it at %s; set another"
                                + " spec.backup.destination.path, or stop that cluster: %d minutes after its last write"
                                + " this one takes over")
                        .formatted(
                                owner == null ? "an unknown cluster" : who(owner) + " of another Kubernetes",
                                last,
                                SILENCE.toMinutes())));
    }

    /** Two databases in one archive would spoil it for both. */
    private static Optional<Ownership> otherData(
            RepositoryListing listing, @Nullable Owner owner, @Nullable String systemIdentifier) {
        return listing.newest()
                .map(Backup::systemIdentifier)
                .filter(theirs -> systemIdentifier != null && !theirs.equals(systemIdentifier))
                .map(theirs -> new Foreign(
                        ("the prefix in the bucket has the backups of another database (system identifier %s), of %s; set"
                                        + " another spec.backup.destination.path, or create the cluster with spec.restore to"
                                        + " continue that database")
                                .formatted(theirs, owner == null ? "an unknown cluster" : who(owner))));
    }

    private static String who(Owner owner) {
        return "cluster %s/%s (UID %s)".formatted(owner.namespace(), owner.name(), owner.uid());
    }

    private static Optional<Instant> lastWrite(RepositoryListing listing) {
        return Stream.concat(
                        listing.backups().stream().map(Backup::stopped),
                        listing.archive().values().stream().map(ArchivedWal::until))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }
}
