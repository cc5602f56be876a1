package com.smoketurner.postgres.cluster.plan;

import java.util.List;

/** The next step of a change. */
public sealed interface Action {

    /** What is done, for a person. */
    String text();

    /** Everything is as asked for. */
    record Done() implements Action {
        @Override
        public String text() {
            return "nothing is left to do";
        }
    }

    /**
     * Something has to come by itself first.
     *
     * @param text what is waited for
     */
    record Wait(String text) implements Action {}

    /** Run as many members; with one less the highest ordinal goes. */
    record Scale(int members) implements Action {
        @Override
        public String text() {
            return "the number of members becomes " + members;
        }
    }

    /** Give these members other resources while they run. */
    record Resize(List<String> members) implements Action {
        public Resize {
            members = List.copyOf(members);
        }

        @Override
        public String text() {
            return "other resources for " + String.join(", ", members);
        }
    }

    /** Give a member other resources, for which its container restarts. */
    record RestartContainer(String member) implements Action {
        @Override
        public String text() {
            return "the container of %s restarts with other resources".formatted(member);
        }
    }

    /** Restart a member's server in its container. */
    record RestartServer(String member) implements Action {
        @Override
        public String text() {
            return "the server of %s restarts".formatted(member);
        }
    }

    /** Make a member's pod anew. */
    record Recreate(String member) implements Action {
        @Override
        public String text() {
            return "the pod of %s is made anew".formatted(member);
        }
    }

    /**
     * Hand the leadership over.
     *
     * @param why what it is good for
     */
    record Switchover(String leader, String candidate, String why) implements Action {
        @Override
        public String text() {
            return "%s hands over to %s: %s".formatted(leader, candidate, why);
        }
    }

    Action DONE = new Done();
}
