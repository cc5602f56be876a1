package com.smoketurner.postgres.cluster.run;

import java.io.IOException;

/** What holds clients back while the primary changes by plan, so that they see a delay instead of an error. */
public interface ClientHold {

    /** The change of the primary for which clients are held back. */
    interface Handover {
        /**
         * Has the primary changed now.
         *
         * @throws IOException if Patroni cannot be reached or refuses
         */
        void begin() throws IOException;

        /** It did not begin, and may be asked for again. */
        void failed();
    }

    /**
     * Holds clients back and begins the handover, beside the reconciliation.
     *
     * @param candidate name of the member that takes over
     * @return false if there are no clients that can be held back: then nothing is done, and the caller begins the handover
     */
    boolean during(ClusterRun run, String candidate, Handover handover);

    /** Whether clients of a cluster are being held back for a handover that has not begun: nothing else is begun meanwhile. */
    boolean underway(ClusterView view);
}
