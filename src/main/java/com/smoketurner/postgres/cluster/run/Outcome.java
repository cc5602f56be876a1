package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.Reason;
import java.time.Duration;

/** What came of a step. */
public sealed interface Outcome {

    /** Everything the step owns is as desired. */
    record Done() implements Outcome {}

    /**
     * Something has to happen first that needs nobody's action.
     *
     * @param reason reason of the condition
     * @param message what is waited for, as a sentence
     * @param recheck when to look again if no event comes before
     */
    record Waiting(Reason reason, String message, Duration recheck) implements Outcome {}

    /**
     * A change of the whole cluster is under way.
     *
     * @param reason reason of the condition {@code Progressing}
     * @param message what is being done, as a sentence
     * @param alone nothing else is done meanwhile
     */
    record Working(Reason reason, String message, boolean alone) implements Outcome {
        public Working(Reason reason, String message) {
            this(reason, message, false);
        }
    }

    /**
     * A change is due whose turn has not come; until then the cluster runs as it was.
     *
     * @param reason reason of the condition {@code Progressing}
     * @param message what it waits for, as a sentence
     */
    record Queued(Reason reason, String message) implements Outcome {}

    /**
     * The user must change something.
     *
     * @param reason reason of the condition
     * @param message what is wrong and what to do
     */
    record Rejected(Reason reason, String message) implements Outcome {}

    /**
     * A part of the spec is not taken over; what runs goes on with the former value, and the cluster serves.
     *
     * @param reason reason of the condition {@code ConfigurationValid}
     * @param message what is wrong and what to do
     */
    record PartlyRejected(Reason reason, String message) implements Outcome {}

    /**
     * A change that is requested cannot be made here; everything else goes on, and it is made when it becomes possible.
     *
     * @param reason reason of the condition of what does not change
     * @param message why not, and what to do
     */
    record Unsupported(Reason reason, String message) implements Outcome {}

    /**
     * The step failed: a request was refused, or a program in a pod did not run. Other parts go on, and the step is retried.
     *
     * @param message the error, on one line
     */
    record Failed(String message) implements Outcome {}

    /** Everything is as desired as far as is known, and time or an answer that has not come yet may tell otherwise. */
    record Undecided() implements Outcome {}

    Outcome DONE = new Done();

    Outcome UNDECIDED = new Undecided();
}
