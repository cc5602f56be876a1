package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.quarkus.logging.Log;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * One connection to a port of a pod through a program in it that passes bytes on: for where neither the pod network nor a
 * port forward leads to the members. TLS goes through it from end to end.
 */
final class ExecTunnel implements PodConnector.Route {

    /** Ends with either side, and by itself when nothing has come for longer than any request takes. */
    private static final String RELAY = """
            import os, select, socket, sys
            far = socket.create_connection(("localhost", int(sys.argv[1])), 2)
            far.settimeout(60)
            while True:
                ready = select.select([0, far], [], [], 60)[0]
                data = os.read(0, 65536) if 0 in ready else None
                if data:
                    far.sendall(data)
                answer = far.recv(65536) if far in ready else None
                if answer:
                    sys.stdout.buffer.write(answer)
                    sys.stdout.buffer.flush()
                if not ready or data == b"" or answer == b"":
                    break
            """;

    private static final int BUFFER = 64 * 1024;

    private final String pod;
    private final ServerSocket listener;
    private final ExecWatch relay;
    private final BoundedOutput error;

    private ExecTunnel(String pod, ServerSocket listener, ExecWatch relay, BoundedOutput error) {
        this.pod = pod;
        this.listener = listener;
        this.relay = relay;
        this.error = error;
    }

    /**
     * Starts the program and listens on a port of the loopback interface for the one connection.
     *
     * @throws IOException if the program cannot be started
     */
    static ExecTunnel open(
            KubernetesClient client, String namespace, String pod, String container, int port, InetAddress loopback)
            throws IOException {
        var error = new BoundedOutput();
        ServerSocket listener = new ServerSocket(0, 1, loopback);
        try {
            ExecWatch relay = client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .inContainer(container)
                    .redirectingInput()
                    .redirectingOutput()
                    .writingError(error)
                    .exec("python3", "-c", RELAY, Integer.toString(port));
            var tunnel = new ExecTunnel(namespace + "/" + pod, listener, relay, error);
            Thread.ofVirtual().name("tunnel").start(tunnel::carry);
            return tunnel;
        } catch (KubernetesClientException e) {
            listener.close();
            throw new IOException("no exec in pod %s/%s: %s".formatted(namespace, pod, e.getMessage()), e);
        }
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        quietly(listener);
        relay.close();
    }

    private void carry() {
        try (Socket near = listener.accept()) {
            Thread.ofVirtual().name("tunnel-back").start(() -> back(near));
            pump(near.getInputStream(), relay.getInput());
        } catch (IOException e) {
            // One of the three ends was closed, which ends the others.
        } finally {
            close();
        }
    }

    private void back(Socket near) {
        try {
            pump(relay.getOutput(), near.getOutputStream());
        } catch (IOException e) {
            // As above.
        } finally {
            quietly(near);
            String said = error.text();
            if (!said.isEmpty()) {
                Log.debugf("the relay in pod %s: %s", pod, said.strip());
            }
        }
    }

    private static void pump(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    private static void quietly(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
