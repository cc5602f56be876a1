package com.smoketurner.postgres.cluster.plan;

/** What brings a member in line with the spec, in ascending order of disruption. */
public enum RequiredUpdate {
    /** It matches the spec. */
    NONE("none"),
    /** Its pod is resized in place. */
    RESIZE("in-place resize"),
    /** Its server restarts in its container, for parameters. */
    RESTART_SERVER("server restart"),
    /** Its container restarts in its pod, with new resources. */
    RESTART_CONTAINER("container restart"),
    /** Its pod is recreated. */
    RECREATE("new pod");

    private final String text;

    RequiredUpdate(String text) {
        this.text = text;
    }

    /** Whether it interrupts the service of the member. */
    public boolean disturbs() {
        return this != NONE && this != RESIZE;
    }

    /** The words for messages. */
    public String text() {
        return text;
    }
}
