package com.smoketurner.postgres.patroni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Patroni's REST interface, for the few things that it does not tell or take through the Kubernetes API.
 *
 * @see <a href="https://patroni.readthedocs.io/en/latest/rest_api.html">Patroni REST API</a>
 */
public final class PatroniClient {

    /** Port of the REST interface. */
    public static final int PORT = 8008;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    /** Patroni answers once another leads, or after two of its loops. */
    private static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(20);

    private final MemberRoutes routes;
    private final ObjectMapper mapper = new ObjectMapper();

    public PatroniClient(MemberRoutes routes) {
        this.routes = routes;
    }

    /**
     * One member's REST interface.
     *
     * @param dnsName the pod's name in the cluster's DNS
     * @param identity keys to present and authorities to trust; absent when the interface speaks plain HTTP
     * @param user name for calls that change something
     * @param password for calls that change something
     */
    public record Member(
            String namespace,
            String pod,
            String dnsName,
            @Nullable TlsIdentity identity,
            String user,
            String password) {

        /** Says nothing of the password. */
        @Override
        public String toString() {
            return namespace + "/" + pod;
        }

        String authorization() {
            return "Basic "
                    + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The release that a member's server runs.
     *
     * @return {@code server_version_num}, such as 160004, or nothing while PostgreSQL does not answer Patroni
     * @throws IOException if the member cannot be reached
     */
    public Optional<Integer> serverVersion(Member member) throws IOException {
        JsonNode version =
                mapper.readTree(send(member, "GET", "/patroni").body()).path("server_version");
        return version.isInt() ? Optional.of(version.intValue()) : Optional.empty();
    }

    /**
     * When a member's server was started.
     *
     * @return nothing while PostgreSQL does not answer Patroni
     * @throws IOException if the member cannot be reached
     */
    public Optional<Instant> serverStart(Member member) throws IOException {
        String start = mapper.readTree(send(member, "GET", "/patroni").body())
                .path("postmaster_start_time")
                .asText("");
        try {
            return start.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(start.replace(' ', 'T')).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Asks a replica to copy its data directory from the primary again. Returns at once; Patroni refuses while it is at
     * something else, and always on the leader.
     *
     * @throws IOException if the member cannot be reached or refuses
     */
    public void reinitialize(Member member) throws IOException {
        send(member, "POST", "/reinitialize", Map.of("from_leader", true));
    }

    /**
     * Whether a member shows the very certificate that its identity here carries: whether a renewed one is in force.
     *
     * @throws IOException if the member cannot be reached
     */
    public boolean showsOwnCertificate(Member member) throws IOException {
        Optional<SSLSession> session = send(member, "GET", "/liveness").sslSession();
        TlsIdentity identity = member.identity();
        return session.isPresent()
                && identity != null
                && identity.certificate().equals(session.get().getPeerCertificates()[0]);
    }

    /**
     * Makes Patroni read its configuration and certificates again.
     *
     * @throws IOException if the member cannot be reached or refuses
     */
    public void reload(Member member) throws IOException {
        send(member, "POST", "/reload");
    }

    /**
     * Asks a member to restart its PostgreSQL if parameters wait for that. Returns at once; asking again while it is
     * about to changes nothing.
     *
     * @param at when; Patroni takes times to come only
     * @throws IOException if the member cannot be reached or refuses
     */
    public void restartPending(Member member, Instant at) throws IOException {
        send(member, "POST", "/restart", Map.of("restart_pending", true, "schedule", at.toString()));
    }

    /**
     * Asks for a switchover. Returns at once; asking again while one is scheduled changes nothing.
     *
     * @param leader the present leader
     * @param candidate name of the member that takes over
     * @param at when; Patroni takes times to come only
     * @throws IOException if the member cannot be reached or refuses
     */
    public void switchover(Member leader, String candidate, Instant at) throws IOException {
        send(
                leader,
                "POST",
                "/switchover",
                Map.of("leader", leader.pod(), "candidate", candidate, "scheduled_at", at.toString()));
    }

    /**
     * Asks for a switchover now, and waits until another leads. When the answer does not come in time, it may be under way all the
     * same.
     *
     * @param leader the present leader
     * @param candidate name of the member that takes over
     * @throws IOException if the member cannot be reached or refuses, or the candidate did not take over
     */
    public void switchoverNow(Member leader, String candidate) throws IOException {
        try {
            send(
                    leader,
                    "POST",
                    "/switchover",
                    Map.of("leader", leader.pod(), "candidate", candidate),
                    SWITCHOVER_TIMEOUT);
        } catch (HttpTimeoutException e) {
            // Patroni goes on; the records of the cluster tell.
        }
    }

    private HttpResponse<String> send(Member member, String method, String path) throws IOException {
        return send(member, method, path, Map.of());
    }

    private HttpResponse<String> send(Member member, String method, String path, Map<String, ?> body)
            throws IOException {
        return send(member, method, path, body, REQUEST_TIMEOUT);
    }

    private HttpResponse<String> send(Member member, String method, String path, Map<String, ?> body, Duration timeout)
            throws IOException {
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        TlsIdentity identity = member.identity();
        if (identity != null) {
            builder.sslContext(context(identity, method));
        }
        try (MemberRoutes.Route route = routes.open(member.namespace(), member.pod(), member.dnsName(), PORT);
                HttpClient client = builder.build()) {
            URI uri = URI.create(
                    "%s://%s:%d%s".formatted(identity == null ? "http" : "https", route.host(), route.port(), path));
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(timeout)
                    .header("Authorization", member.authorization())
                    .method(
                            method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(mapper.writeValueAsString(body)))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            // GET /patroni answers 503 with the same body while PostgreSQL is down.
            boolean down = "GET".equals(method) && response.statusCode() == 503;
            // Another one is scheduled already.
            boolean again = response.statusCode() == HttpURLConnection.HTTP_CONFLICT;
            if (response.statusCode() >= 400 && !down && !again) {
                throw new IOException("Patroni of pod %s/%s answers %d to %s %s: %s"
                        .formatted(
                                member.namespace(),
                                member.pod(),
                                response.statusCode(),
                                method,
                                path,
                                response.body()));
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static SSLContext context(TlsIdentity identity, String method) throws IOException {
        try {
            return "GET".equals(method) ? identity.reading() : identity.commanding();
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS secret cannot be used", e);
        }
    }
}
