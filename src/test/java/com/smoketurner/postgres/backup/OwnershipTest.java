package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repository.minute;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.backup.Ownership.Presence;
import org.junit.jupiter.api.Test;

/** No two clusters write to one repository, and the same cluster comes back to its own without ceremony. */
class OwnershipTest {
    private static final Owner SELF = new Owner("uid-2", "team", "orders", "kubernetes-a");
    private static final Owner FORMER = new Owner("uid-1", "team", "orders", "kubernetes-a");
    private static final Owner ELSEWHERE = new Owner("uid-1", "team", "orders", "kubernetes-b");

    private final Repository repository = new Repository().full("F1", 0, 1);

    private static Ownership judge(Repository repository, Presence presence, int minute) {
        return Ownership.of(repository.listing(), SELF, presence, "7", minute(minute));
    }

    private static String message(Ownership ownership) {
        return ownership instanceof Ownership.Foreign(String message) ? message : "not foreign: " + ownership;
    }

    @Test
    void anEmptyRepositoryIsFree() {
        assertThat(judge(new Repository(), Presence.GONE, 1)).isEqualTo(new Ownership.Free());
        assertThat(judge(new Repository().owner(FORMER), Presence.GONE, 1)).isEqualTo(new Ownership.Free());
    }

    @Test
    void theOwnMarkerNeedsNoClaim() {
        assertThat(judge(repository.owner(SELF), Presence.THERE, 1)).isEqualTo(new Ownership.Ours());
        assertThat(Ownership.of(repository.listing(), SELF, Presence.THERE, "other", minute(1)))
                .isEqualTo(new Ownership.Ours());
    }

    @Test
    void aClusterThatLivesIsNeverPushedOut() {
        assertThat(message(judge(repository.owner(FORMER), Presence.THERE, 10_000)))
                .contains("team/orders", "uid-1", "spec.backup.destination.path");
    }

    @Test
    void theClusterWithTheDataOfADeletedOneTakesOver() {
        assertThat(judge(repository.owner(FORMER), Presence.GONE, 1)).isEqualTo(new Ownership.Free());
        assertThat(Ownership.of(repository.listing(), SELF, Presence.GONE, null, minute(1)))
                .isEqualTo(new Ownership.Free());
    }

    @Test
    void anotherDatabaseDoesNotMixWithTheBackupsOfADeletedOne() {
        assertThat(message(Ownership.of(repository.owner(FORMER).listing(), SELF, Presence.GONE, "8", minute(10_000))))
                .isEqualTo(
                        "the prefix in the bucket has the backups of another database (system identifier 7), of cluster"
                                + " team/orders (UID uid-1); set another spec.backup.destination.path, or create the cluster with"
                                + " spec.restore to continue that database");
    }

    @Test
    void aClusterOfAnotherKubernetesCountsAsGoneWhenItNoLongerWrites() {
        assertThat(message(judge(repository.owner(ELSEWHERE), Presence.GONE, 14)))
                .contains("of another Kubernetes", minute(0).toString(), "15 minutes");
        assertThat(judge(repository, Presence.GONE, 16)).isEqualTo(new Ownership.Free());
    }

    /** In a namespaced installation: no permission there, so nobody knows. */
    @Test
    void aClusterThatCannotBeLookedUpCountsAsGoneWhenItNoLongerWrites() {
        assertThat(message(judge(repository.owner(FORMER), Presence.UNKNOWN, 14)))
                .contains("team/orders", "in a namespace that the operator may not read", "15 minutes");
        assertThat(judge(repository.owner(FORMER), Presence.UNKNOWN, 16)).isEqualTo(new Ownership.Free());
        Owner nowhere = new Owner("uid-2", "team", "orders", "");
        assertThat(message(Ownership.of(repository.owner(FORMER).listing(), nowhere, Presence.GONE, "7", minute(14))))
                .contains("of this or another Kubernetes");
    }

    @Test
    void whatHasNoMarkerBelongsToSomebodyAsLongAsItIsWritten() {
        assertThat(message(judge(repository, Presence.GONE, 14))).contains("belongs to an unknown cluster");
        assertThat(judge(repository, Presence.GONE, 16)).isEqualTo(new Ownership.Free());
    }

    @Test
    void archivedWalIsASignOfLife() {
        assertThat(message(judge(repository.owner(ELSEWHERE).promoted(2, 1, 30), Presence.GONE, 49)))
                .contains(minute(35).toString());
        assertThat(judge(repository, Presence.GONE, 51)).isEqualTo(new Ownership.Free());
    }
}
