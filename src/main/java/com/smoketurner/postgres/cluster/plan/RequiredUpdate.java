package com.smoketurner.postgres.cluster.plan;

/** What has to be done to a member so that it is as the spec asks, in the order of what it costs. */
public enum RequiredUpdate {
    /** It is as asked for. */
    NONE("nothing"),
    /** Its node gives it other resources while it runs. */
    RESIZE("a resize without a restart"),
    /** Its server restarts in its container, for parameters. */
    RESTART_SERVER("a restart of its server"),
    /** Its container restarts in its pod, with other resources. */
    RESTART_CONTAINER("a restart of its container"),
    /** Its pod is made anew. */
    RECREATE("a new pod");

    private final String text;

    RequiredUpdate(String text) {
        this.text = text;
    }

    /** Whether the member is away for a moment. */
    public boolean disturbs() {
        return this != NONE && this != RESIZE;
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
