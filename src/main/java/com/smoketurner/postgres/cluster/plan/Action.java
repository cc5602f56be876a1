package com.smoketurner.postgres.cluster.plan;

import java.util.List;

/** The next step of a change. */
public sealed interface Action {

    /** A short description for messages. */
    String text();

    /** The members are as the spec requests. */
    record Done() implements Action {
        @Override
        public String text() {
            return "no further step";
        }
    }

    /**
     * Nothing can be done until a condition is met.
     *
     * @param text what is waited for
     */
    record Wait(String text) implements Action {}

    /** Change the number of members; with one less the highest ordinal is removed. */
    record Scale(int members) implements Action {
        @Override
        public String text() {
            return "scaling to %d members".formatted(members);
        }
    }

    /** Resize the pods of these members in place. */
    record Resize(List<String> members) implements Action {
        public Resize {
            members = List.copyOf(members);
        }

        @Override
        public String text() {
            return "resizing %s in place".formatted(String.join(", ", members));
        }
    }

    /** Resize the pod of a member in place, which restarts its container. */
    record RestartContainer(String member) implements Action {
        @Override
        public String text() {
            return "restarting the container of %s with new resources".formatted(member);
        }
    }

    /** Restart a member's server in its container. */
    record RestartServer(String member) implements Action {
        @Override
        public String text() {
            return "restarting the server of %s".formatted(member);
        }
    }

    /** Recreate a member's pod. */
    record Recreate(String member) implements Action {
        @Override
        public String text() {
            return "recreating pod %s".formatted(member);
        }
    }

    /**
     * Switch over to another member.
     *
     * @param why its purpose
     */
    record Switchover(String leader, String candidate, String why) implements Action {
        @Override
        public String text() {
            return "switching over from %s to %s: %s".formatted(leader, candidate, why);
        }
    }

    Action DONE = new Done();
}
