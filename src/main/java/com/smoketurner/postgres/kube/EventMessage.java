package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.api.EventReason;

/**
 * An event that is to be recorded.
 *
 * @param warning whether a person may have to act
 * @param reason CamelCase word of the contract
 * @param message a sentence for users; never a secret
 */
public record EventMessage(boolean warning, String reason, String message) {

    public static EventMessage of(EventReason reason, String message) {
        return new EventMessage(reason.warning(), reason.label(), message);
    }

    /**
     * A Warning under the reason of a condition.
     *
     * @param reason of the condition
     */
    public static EventMessage failure(String reason, String message) {
        return new EventMessage(true, reason, message);
    }
}
