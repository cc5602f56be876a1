package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Project;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of the API server, plain HTTP towards the operator, that passes everything through until it is told to
 * be {@link #rough}: then it answers late, and part of the requests with 429 or 504. Of those with 504 every second was
 * carried out all the same, as when the answer of a real server gets lost. Watches that are open stay so; a new one is
 * treated like any request.
 */
final class RoughServer implements AutoCloseable {
    private static final int SHORTEST_DELAY = 200;
    private static final int LONGEST_DELAY = 1_500;
    private static final double BUSY = 0.2;
    private static final double TIMEOUT = 0.1;

    /** What became of a request. */
    enum Outcome {
        PASSED,
        BUSY,
        TIMED_OUT,
        TIMED_OUT_BUT_DONE
    }

    /** One request as it came in. */
    record Seen(long nanos, String line, Outcome outcome) {
        boolean ofLease() {
            return line.contains("/leases");
        }
    }

    private final ServerSocket listener;
    private final SSLSocketFactory tls;
    private final URI upstream;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final @Nullable ExecServer programs;
    private volatile boolean rough;

    RoughServer(String server) {
        this(server, null);
    }

    /**
     * @param programs answers to what the operator runs in pods; null where the API server gives them
     */
    RoughServer(String server, @Nullable ExecServer programs) {
        this.programs = programs;
        upstream = URI.create(server);
        try {
            // The lab's own server on this machine; the token that passes is good for nothing else.
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            tls = context.getSocketFactory();
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on slow and failing, or well again. */
    void rough(boolean on) {
        rough = on;
    }

    /** The requests that came in since a moment of {@link System#nanoTime}. */
    List<Seen> since(long nanos) {
        return seen.stream().filter(s -> s.nanos() - nanos >= 0).toList();
    }

    static String description() {
        return "every request is answered %d to %d ms late, %d %% with 429 and %d %% with 504, half of these carried out"
                .formatted(SHORTEST_DELAY, LONGEST_DELAY, Math.round(BUSY * 100), Math.round(TIMEOUT * 100));
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = tls.createSocket(upstream.getHost(), upstream.getPort())) {
            server.setTcpNoDelay(true);
            var fromClient = new BufferedInputStream(client.getInputStream());
            var fromServer = new BufferedInputStream(server.getInputStream());
            OutputStream toClient = client.getOutputStream();
            OutputStream toServer = server.getOutputStream();
            for (HttpMessage request = HttpMessage.read(fromClient);
                    request != null;
                    request = HttpMessage.read(fromClient)) {
                if (programs != null && programs.serve(request, fromClient, toClient)) {
                    return;
                }
                if (!answer(request, toClient, fromServer, toServer)) {
                    Thread.startVirtualThread(() -> pump(fromServer, toClient, client));
                    pump(fromClient, toServer, server);
                    return;
                }
            }
        } catch (IOException e) {
            // One side hung up; the other one learns it by the sockets' end.
        }
    }

    /** False when the connection is no longer one of HTTP messages but of an opened watch. */
    private boolean answer(HttpMessage request, OutputStream toClient, InputStream fromServer, OutputStream toServer)
            throws IOException {
        Outcome outcome = fate();
        seen.add(new Seen(System.nanoTime(), request.firstLine(), outcome));
        switch (outcome) {
            case BUSY -> {
                refuse(toClient, 429, "Too Many Requests", "TooManyRequests");
                return true;
            }
            case TIMED_OUT -> {
                refuse(toClient, 504, "Gateway Timeout", "Timeout");
                return true;
            }
            case PASSED, TIMED_OUT_BUT_DONE -> request.write(toServer);
        }
        boolean lost = outcome == Outcome.TIMED_OUT_BUT_DONE && request.ordinary();
        if (lost) {
            HttpMessage.relay(fromServer, OutputStream.nullOutputStream());
            refuse(toClient, 504, "Gateway Timeout", "Timeout");
            return true;
        }
        return HttpMessage.relay(fromServer, toClient);
    }

    private Outcome fate() {
        if (!rough) {
            return Outcome.PASSED;
        }
        var random = ThreadLocalRandom.current();
        try {
            Thread.sleep(Duration.ofMillis(random.nextInt(SHORTEST_DELAY, LONGEST_DELAY)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        double lot = random.nextDouble();
        if (lot < BUSY) {
            return Outcome.BUSY;
        }
        if (lot < BUSY + TIMEOUT) {
            return random.nextBoolean() ? Outcome.TIMED_OUT : Outcome.TIMED_OUT_BUT_DONE;
        }
        return Outcome.PASSED;
    }

    private static void refuse(OutputStream to, int code, String text, String reason) throws IOException {
        String body = """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":%d,"reason":"%s",\
                "message":"%s, says the benchmark for %s"}""".formatted(code, reason, text, Project.OPERATOR);
        String head = "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
                .formatted(code, text, code == 429 ? "Retry-After: 1\r\n" : "", body.length());
        to.write((head + body).getBytes(StandardCharsets.US_ASCII));
        to.flush();
    }

    private static void pump(InputStream from, OutputStream to, Socket end) {
        byte[] buffer = new byte[16_384];
        try (end) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
            }
        } catch (IOException e) {
            // The watch ended on the other side.
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // nobody presents one
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // see above
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
