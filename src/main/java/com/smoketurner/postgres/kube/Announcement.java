package com.smoketurner.postgres.kube;

/**
 * What an event says.
 *
 * @param warning whether a person may have to look
 * @param reason CamelCase word of the contract
 * @param message a sentence for a person; never a secret
 */
public record Announcement(boolean warning, String reason, String message) {

    /** Something went as it should. */
    public static Announcement normal(String reason, String message) {
        return new Announcement(false, reason, message);
    }

    /** Something a person may have to look at. */
    public static Announcement warning(String reason, String message) {
        return new Announcement(true, reason, message);
    }
}
