package com.smoketurner.postgres.ops.lease;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Lease in memory with the API server's rules: one version at a time, and answers that may get lost. */
final class MemoryLease implements LeaseStore {
    int reads;
    private int version;
    private @Nullable LeaseRecord lease;
    private boolean loseAnswer;
    private boolean down;
    private @Nullable Runnable rival;
    private Runnable before = () -> {};

    @Override
    public synchronized Optional<LeaseRecord> read() {
        reads++;
        check();
        Optional<LeaseRecord> found = Optional.ofNullable(lease);
        Runnable other = rival;
        rival = null;
        if (other != null) {
            other.run();
        }
        return found;
    }

    @Override
    public synchronized LeaseRecord create(LeaseRecord record) {
        check();
        if (lease != null) {
            throw new LeaseConflict(new IllegalStateException("exists"));
        }
        return keep(record);
    }

    @Override
    public synchronized LeaseRecord renew(LeaseRecord record) {
        check();
        if (!Objects.equals(now().holder(), record.holder())) {
            throw new LeaseConflict(new IllegalStateException("held by " + now().holder()));
        }
        return keep(record);
    }

    @Override
    public synchronized LeaseRecord update(LeaseRecord record) {
        check();
        if (!Objects.equals(now().version(), record.version())) {
            throw new LeaseConflict(new IllegalStateException("changed"));
        }
        return keep(record);
    }

    synchronized LeaseRecord now() {
        return Objects.requireNonNull(lease);
    }

    /** The next write is done, but nobody is told. */
    void loseNextAnswer() {
        loseAnswer = true;
    }

    /** Between the next reading and what follows it, somebody else acts. */
    void raceWith(Runnable other) {
        rival = other;
    }

    synchronized void down(boolean away) {
        down = away;
    }

    /** Somebody else takes it, whoever holds it. */
    synchronized void seize(String thief) {
        lease = new LeaseRecord(thief, 15, now().acquired(), now().renewed(), 1, Integer.toString(++version));
    }

    /** What happens at each request before it is looked at; it fails if this does. */
    void beforeEach(Runnable what) {
        before = what;
    }

    private void check() {
        before.run();
        if (down) {
            throw new IllegalStateException("the API server is away");
        }
    }

    private LeaseRecord keep(LeaseRecord record) {
        lease = new LeaseRecord(
                record.holder(),
                record.seconds(),
                record.acquired(),
                record.renewed(),
                record.transitions(),
                Integer.toString(++version));
        if (loseAnswer) {
            loseAnswer = false;
            throw new IllegalStateException("timeout");
        }
        return lease;
    }
}
