package com.smoketurner.postgres.cluster.rebuild;

import java.time.Instant;

/** The next thing to do about the copies of the data. */
public sealed interface RebuildAction {

    /** There is nothing to do, or something has to come by itself first. */
    record Nothing() implements RebuildAction {}

    /**
     * Note that a member's data is to be copied from the primary again.
     *
     * @param why as a sentence
     * @param requested a person has requested it
     */
    record Order(String member, String why, boolean requested) implements RebuildAction {}

    /**
     * Ask a member to do so, unless its server shows that it has.
     *
     * @param since when that was noted
     */
    record Ask(String member, Instant since) implements RebuildAction {}

    /** Note that a member has begun. */
    record Confirm(String member) implements RebuildAction {}

    /**
     * Forget what is to be done to a member.
     *
     * @param why as a sentence
     */
    record Lapse(String member, String why) implements RebuildAction {}

    /** The request is being carried out: remove it from the cluster. */
    record DropRequest() implements RebuildAction {}

    /**
     * Nothing is done for the wish.
     *
     * @param why as a sentence
     */
    record RefuseWish(String why) implements RebuildAction {}

    RebuildAction NOTHING = new Nothing();
}
