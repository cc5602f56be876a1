package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.plan.RequiredUpdate;

/** What the change of one field does to the members. */
public enum Impact {
    NOTHING("none"),
    RELOAD("reload"),
    RESIZE("in-place resize"),
    STORAGE("online volume expansion"),
    JOIN("members added"),
    LEAVE("members removed"),
    SWITCHOVER("switchover"),
    RESTART_SERVER("server restart"),
    RESTART_CONTAINER("container restart"),
    RECREATE("new pod"),
    UPGRADE("upgrade in place"),
    NOT_POSSIBLE("rejected");

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

    /** The words for the plan. */
    public String text() {
        return text;
    }
}
