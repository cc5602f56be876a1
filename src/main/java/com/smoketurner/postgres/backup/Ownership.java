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

    /** What is known of the cluster that the marker names. */
    enum Presence {
        /** It is in this Kubernetes and not deleted. */
        THERE,
        /** It is not. */
        GONE,
        /** It would be in a namespace that may not be read: it may live. */
        UNKNOWN
    }

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
     * @param presence of the cluster of the marker in this Kubernetes
     * @param systemIdentifier of the data of the cluster that asks, which it has from the source it was restored from; null as
     *     long as it is not known
     */
    static Ownership of(
            RepositoryListing listing, Owner self, Presence presence, @Nullable String systemIdentifier, Instant now) {
        Owner owner = listing.owner();
        if (owner != null && owner.uid().equals(self.uid())) {
            return new Ours();
        }
        if (owner != null && presence == Presence.THERE) {
            return new Foreign("the prefix in the bucket belongs to %s; set another spec.backup.destination.path"
                    .formatted(who(owner)));
        }
        return written(listing, owner, self, presence, now)
                .or(() -> otherData(listing, owner, systemIdentifier))
                .orElseGet(Free::new);
    }

    /** A cluster that cannot be looked up, or whose marker is missing, and that has written lately. */
    private static Optional<Ownership> written(
            RepositoryListing listing, @Nullable Owner owner, Owner self, Presence presence, Instant now) {
        if (owner != null && presence == Presence.GONE && here(owner, self)) {
            return Optional.empty();
        }
        return lastWrite(listing)
                .filter(last -> now.isBefore(last.plus(SILENCE)))
                .map(last -> new Foreign(("the prefix in the bucket belongs to %s, which wrote to it at %s; set another"
                                + " spec.backup.destination.path, or stop that cluster: %d minutes after its last write"
                                + " this one takes over")
                        .formatted(
                                owner == null ? "an unknown cluster" : who(owner) + whence(owner, self),
                                last,
                                SILENCE.toMinutes())));
    }

    private static boolean here(Owner owner, Owner self) {
        return !owner.kubernetes().isEmpty() && owner.kubernetes().equals(self.kubernetes());
    }

    private static String whence(Owner owner, Owner self) {
        if (here(owner, self)) {
            return " in a namespace that the operator may not read";
        }
        return self.kubernetes().isEmpty() ? " of this or another Kubernetes" : " of another Kubernetes";
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
