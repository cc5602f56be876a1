package com.smoketurner.postgres.patroni;

import java.io.IOException;

/** Finds a way to a port of a member; how depends on where the operator runs. */
@FunctionalInterface
public interface MemberRoutes {

    /**
     * Opens a way to a port of a pod.
     *
     * @param dnsName the pod's name in the cluster's DNS
     * @throws IOException if the pod cannot be reached
     */
    Route open(String namespace, String pod, String dnsName, int port) throws IOException;

    /**
     * A way to a port, open until it is closed.
     *
     * @param host name to connect to; the certificate of the member covers it
     * @param end what closes it
     */
    record Route(String host, int port, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }
}
