package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.standin.SelfSigned;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that, as Patroni with {@code verify_client: optional}, takes who shows a certificate and who shows none. */
class PatroniClientTest {

    private final SelfSigned certificate = SelfSigned.of(List.of("localhost"));
    private final HttpsServer member;
    /** By path, what the client showed: nothing or its certificate. */
    private final Map<String, List<Certificate>> shown = new ConcurrentHashMap<>();

    private final PatroniClient patroni = new PatroniClient((namespace, pod, dnsName, port) ->
            new MemberRoutes.Route("localhost", member().getAddress().getPort(), () -> {}));

    PatroniClientTest() throws IOException, GeneralSecurityException {
        member = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        member.setHttpsConfigurator(new HttpsConfigurator(context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        member.createContext("/", this::answer);
        member.start();
    }

    @AfterEach
    void stop() {
        member.stop(0);
    }

    private HttpsServer member() {
        return member;
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own", certificate.keys().getPrivate(), new char[0], new Certificate[] {certificate.certificate()});
        store.setCertificateEntry("ca", certificate.certificate());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            shown.put(exchange.getRequestURI().getPath(), peer((HttpsExchange) exchange));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static List<Certificate> peer(HttpsExchange exchange) {
        try {
            return List.of(exchange.getSSLSession().getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static PatroniClient.Member endpoint(Map<String, String> secret) throws GeneralSecurityException {
        return new PatroniClient.Member("default", "c-0", "localhost", TlsIdentity.of(secret), "operator", "secret");
    }

    @Test
    void onlyRequestsThatChangeSomethingProveWhoAsks() throws IOException, GeneralSecurityException {
        var endpoint = endpoint(certificate.secretData());
        assertThat(patroni.showsOwnCertificate(endpoint)).isTrue();
        patroni.reload(endpoint);
        assertThat(shown.get("/liveness")).isEmpty();
        assertThat(shown.get("/reload")).containsExactly(certificate.certificate());
    }

    @Test
    void anotherCertificateOfATrustedAuthorityIsNotTheOwn() throws IOException, GeneralSecurityException {
        var renewed = new HashMap<>(SelfSigned.of(List.of("localhost")).secretData());
        renewed.put("ca.crt", certificate.secretData().get("ca.crt"));
        assertThat(patroni.showsOwnCertificate(endpoint(renewed))).isFalse();
    }
}
