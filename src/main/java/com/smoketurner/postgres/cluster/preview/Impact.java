package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.plan.RequiredUpdate;

/** What the change of one field costs. */
public enum Impact {
    NOTHING("nothing"),
    RELOAD("reload"),
    RESIZE("resize while running"),
    STORAGE("storage online"),
    JOIN("members join"),
    LEAVE("members go"),
    SWITCHOVER("switchover"),
    RESTART_SERVER("restart of the server"),
    RESTART_CONTAINER("restart of the container"),
    RECREATE("new pod"),
    NOT_POSSIBLE("not possible");

    private final String text;

    Impact(String text) {
        this.text = text;
    }

    static Impact of(RequiredUpdate update) {
        return switch (update) {
            case NONE -> NOTHING;
            case RESIZE -> RESIZE;
            case RESTART_SERVER -> RESTART_SERVER;
            case RESTART_CONTAINER -> RESTART_CONTAINER;
            case RECREATE -> RECREATE;
        };
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
