package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reaches a port of a pod: over the pod network from inside the cluster, else through the API server. */
public final class PodConnector {

    /** How pods are reached. */
    public enum Mode {
        /** By their DNS names over the pod network. */
        DIRECT,
        /** By a port forward through the API server. */
        PORT_FORWARD,
        /** By a program run in the pod through the API server. */
        EXEC
    }

    /** Every member's container with Patroni and PostgreSQL. */
    private static final String CONTAINER = "postgres";

    private final KubernetesClient client;
    private final Mode mode;

    public PodConnector(KubernetesClient client, Mode mode) {
        this.client = client;
        this.mode = mode;
    }

    /** A way to a port, open until it is closed. */
    public interface Route extends AutoCloseable {
        /** Name to connect to; the certificate of the member covers it. */
        String host();

        int port();

        @Override
        void close();
    }

    /**
     * Opens a way to a port of a pod.
     *
     * @param dnsName the pod's name in the cluster's DNS
     * @throws IOException if the pod cannot be reached this way
     */
    public Route open(String namespace, String pod, String dnsName, int port) throws IOException {
        return switch (mode) {
            case DIRECT -> new Direct(dnsName, port);
            case PORT_FORWARD -> forward(namespace, pod, port);
            case EXEC -> ExecTunnel.open(client, namespace, pod, CONTAINER, port, loopback());
        };
    }

    private Route forward(String namespace, String pod, int port) throws IOException {
        try {
            return new Forwarded(
                    client.pods().inNamespace(namespace).withName(pod).portForward(port, loopback(), 0));
        } catch (IllegalStateException e) {
            throw new IOException("no port forward to pod %s/%s".formatted(namespace, pod), e);
        }
    }

    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    }

    private record Direct(String host, int port) implements Route {
        @Override
        public void close() {
            // Nothing was opened.
        }
    }

    private record Forwarded(LocalPortForward forward) implements Route {
        @Override
        public String host() {
            return "localhost";
        }

        @Override
        public int port() {
            return forward.getLocalPort();
        }

        @Override
        public void close() {
            try {
                forward.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }
}
