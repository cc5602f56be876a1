package com.smoketurner.postgres.testing.standin;

import com.smoketurner.postgres.testing.Project;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The part of the stand-in that answers for Patroni's REST interface of all members: that the server is of release
 * 16.15 and that a reload was done. The operator finds it by a file of host names, since there is no cluster DNS here.
 */
final class StandInRest implements AutoCloseable {
    private static final int PORT = 8008;
    private static final byte[] ANSWER =
            "{\"state\":\"running\",\"server_version\":160015}".getBytes(StandardCharsets.UTF_8);

    private final HttpsServer secure;
    private final HttpServer plain;
    private final Path hosts;
    private final Map<String, SelfSigned> certificates = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    StandInRest() {
        try {
            hosts = Project.directory(Project.logs())
                    .resolve("stand-in-hosts-" + ProcessHandle.current().pid());
            Files.writeString(hosts, "127.0.0.1 localhost\n");
            secure = HttpsServer.create(new InetSocketAddress(address(1), PORT), 0);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ByServerName(certificates)}, null, null);
            secure.setHttpsConfigurator(new HttpsConfigurator(context));
            plain = HttpServer.create(new InetSocketAddress(address(2), PORT), 0);
            for (HttpServer server : new HttpServer[] {secure, plain}) {
                server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
                server.createContext("/", StandInRest::answer);
                server.start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An address of the loopback network that no other run on this machine uses. */
    private static String address(int last) {
        long pid = ProcessHandle.current().pid();
        return "127.%d.%d.%d".formatted(1 + (pid >> 8) % 254, pid & 255, last);
    }

    /** The file for {@code -Djdk.net.hosts.file}. */
    Path hosts() {
        return hosts;
    }

    /** Answers for a member from now on, with TLS or without. */
    void add(String namespace, String cluster, String pod, boolean tls) {
        String name = pod + "." + cluster + "-headless." + namespace + ".svc";
        if (known.add(name)) {
            try {
                synchronized (hosts) {
                    Files.writeString(hosts, address(tls ? 1 : 2) + " " + name + "\n", StandardOpenOption.APPEND);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The certificate that the members of a cluster show from now on. */
    void show(String namespace, String cluster, SelfSigned certificate) {
        certificates.put(cluster + "-headless." + namespace + ".svc", certificate);
    }

    @Override
    public void close() {
        secure.stop(0);
        plain.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
        }
    }

    /** Chooses the certificate by the name that the client asks for; that name without the pod is the alias. */
    private static final class ByServerName extends X509ExtendedKeyManager {
        private final Map<String, SelfSigned> certificates;

        ByServerName(Map<String, SelfSigned> certificates) {
            this.certificates = certificates;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            if (engine == null || !(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
                return null;
            }
            return session.getRequestedServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName().replaceFirst("^[^.]*\\.", ""))
                    .filter(certificates::containsKey)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            SelfSigned found = certificates.get(alias);
            return found == null ? null : new X509Certificate[] {found.certificate()};
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            SelfSigned found = certificates.get(alias);
            return found == null ? null : found.keys().getPrivate();
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
