package com.smoketurner.postgres.testing.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the API server says it was asked for: its audit log at metadata level. */
public final class AuditLog {
    public static final String OPERATOR_USER =
            "system:serviceaccount:" + Project.OPERATOR_NAMESPACE + ":" + Project.OPERATOR;

    private static final int UNPROCESSABLE = 422;
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");

    /** One answered request. The resource includes the subresource, as in a role: {@code pods/exec}. */
    public record Request(
            String user,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            int code,
            Instant received,
            Instant completed,
            String uri,
            String message) {

        /** Something that may have changed an object. */
        public boolean write() {
            return WRITES.contains(verb);
        }

        public boolean refused() {
            return code >= 400;
        }

        /** Forbidden not for want of a permission: the namespace is being deleted and takes nothing new. */
        public boolean tooLateForItsNamespace() {
            return code == HttpURLConnection.HTTP_FORBIDDEN && message.contains("because it is being terminated");
        }

        /**
         * A JSON patch whose test failed: somebody has changed what it was to change. Objects that are not valid get the same
         * code, and are told what is wrong.
         */
        public boolean outdated() {
            return code == UNPROCESSABLE && message.contains("rejected our request due to an error in our request");
        }

        /** Verbs on a resource, as a role grants them: an apply that made the object needed two. */
        public Set<String> permissions() {
            return verb.equals("patch") && code == HttpURLConnection.HTTP_CREATED
                    ? Set.of("patch " + type(), "create " + type())
                    : Set.of(verb + " " + type());
        }

        public String type() {
            return resource + (group.isEmpty() ? "" : "." + group);
        }

        /** The object without the subresource; both APIs for events store the same objects. */
        public String object() {
            String kind = resource.replaceFirst("/.*", "");
            String g = kind.equals("events") ? "" : group;
            return kind + (g.isEmpty() ? "" : "." + g) + " " + namespace + "/" + name;
        }

        @Override
        public String toString() {
            return "%s %s %s %s/%s -> %d".formatted(received, verb, type(), namespace, name, code);
        }
    }

    private final Path file;

    public AuditLog(Path file) {
        this.file = file;
    }

    /** All answered requests of the operator since a moment. */
    public List<Request> ofOperator(Instant since) {
        return read(r -> r.user().equals(OPERATOR_USER) && !r.received().isBefore(since));
    }

    /** Its writes since a moment but the renewal of its own lease, which is its sign of life. */
    public List<Request> writesOfOperator(Instant since) {
        return read(r -> r.user().equals(OPERATOR_USER)
                && !r.received().isBefore(since)
                && r.write()
                && !r.resource().equals("leases"));
    }

    /**
     * All requests of the operator in a span of time, those without an object too (discovery has the resource ""). A
     * watch counts when it begins, not when it ends.
     */
    public List<Request> allOfOperator(Instant from, Instant until) {
        String user = '"' + OPERATOR_USER + '"';
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.contains(user) && line.endsWith("}"))
                    .map(Json::parse)
                    .filter(AuditLog::counts)
                    .map(AuditLog::request)
                    .filter(r -> r.user().equals(OPERATOR_USER)
                            && !r.received().isBefore(from)
                            && r.received().isBefore(until))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean counts(JsonNode json) {
        boolean begins = json.path("stage").asText().equals("ResponseStarted");
        boolean refused = json.path("responseStatus").path("code").asInt() >= HttpURLConnection.HTTP_BAD_REQUEST;
        return begins == (json.path("verb").asText().equals("watch") && !refused);
    }

    public List<Request> read(Predicate<Request> wanted) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.contains("\"ResponseComplete\"") && line.endsWith("}"))
                    .map(Json::parse)
                    .filter(json -> json.hasNonNull("objectRef"))
                    .map(AuditLog::request)
                    .filter(wanted)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Set<String> permissions(List<Request> requests) {
        return requests.stream()
                .flatMap(request -> request.permissions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Request request(JsonNode json) {
        JsonNode object = json.path("objectRef");
        String sub = object.path("subresource").asText("");
        return new Request(
                json.path("user").path("username").asText(),
                json.path("verb").asText(),
                object.path("apiGroup").asText(""),
                object.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub),
                object.path("namespace").asText(""),
                object.path("name").asText(""),
                json.path("responseStatus").path("code").asInt(),
                Instant.parse(json.path("requestReceivedTimestamp").asText()),
                Instant.parse(json.path("stageTimestamp").asText()),
                json.path("requestURI").asText(),
                json.path("responseStatus").path("message").asText(""));
    }
}
