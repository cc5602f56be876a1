package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.OperatorMain;
import com.smoketurner.postgres.testing.Project;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
    private static final Map<String, String> IN_CLUSTER = Map.of("POD_NAME", "operator-1", "POD_NAMESPACE", "system");

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(IN_CLUSTER);
        environment.put(name, value);
        return environment;
    }

    @Test
    void nothingButThePodIsNeeded() {
        assertThat(Environment.refusal(IN_CLUSTER)).isEmpty();
    }

    @Test
    void outsideOfAClusterOnlyWithoutLeaderElection() {
        assertThat(Environment.refusal(Map.of()).orElseThrow())
                .startsWith("POD_NAME and POD_NAMESPACE not set")
                .contains("POSTGRES_OPERATOR_LEADER_ELECTION=false");
        assertThat(Environment.refusal(Map.of("POSTGRES_OPERATOR_LEADER_ELECTION", "false")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WATCH_NAMESPACES | team-a, team-b",
                "LOG_LEVEL | debug",
                "LOG_FORMAT | text",
                "IMAGE_16 | registry.example.com:5000/a/postgres:16.4-1",
                "IMAGE_17 | ghcr.io/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "IMAGE_UID | 999",
                "DEFAULT_ISSUER | ClusterIssuer/ca.example",
                "CLUSTER_DOMAIN | k8s.example.com",
                "RESYNC_SECONDS | 30",
                "CONNECT_MODE | port-forward",
                "CONNECT_MODE | exec",
                "IN_PLACE_RESIZE | false",
                "HTTP_PORT | 9090",
                "CREATION_TIMEOUT | 90s",
            })
    void goodValues(String name, String value) {
        assertThat(Environment.refusal(with("POSTGRES_OPERATOR_" + name, value)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WATCH_NAMESPACES | Team A | namespace names",
                "WATCH_NAMESPACES | a,,b | namespace names",
                "LOG_LEVEL | loud | error, warn, info, debug or trace",
                "LOG_FORMAT | xml | json or text",
                "IMAGE_18 | two words | an image reference",
                "IMAGE_UID | 0 | an integer from 1 to 65535",
                "IMAGE_GID | -1 | an integer",
                "DEFAULT_ISSUER | my-issuer | ClusterIssuer/<name>",
                "CLUSTER_DOMAIN | .local | a DNS domain",
                "RESYNC_SECONDS | 30s | an integer from 5 to 3600",
                "MAX_CONCURRENT_RECONCILES | 0 | an integer from 1 to 100",
                "CONNECT_MODE | magic | auto, direct, port-forward or exec",
                "IN_PLACE_RESIZE | maybe | auto, true or false",
                "HTTP_PORT | 99999 | an integer from 1 to 65535",
                "LEADER_ELECTION | yes | true or false",
                "DELETION_TIMEOUT | soon | a duration",
            })
    void badValuesAreNamedWithWhatIsAccepted(String name, String value, String accepted) {
        String refusal =
                Environment.refusal(with("POSTGRES_OPERATOR_" + name, value)).orElseThrow();
        assertThat(refusal)
                .contains("POSTGRES_OPERATOR_" + name + "=\"" + value + "\"")
                .contains("must be")
                .contains(accepted)
                .hasLineCount(1);
    }

    @Test
    void allMistakesAreOnOneLineWhateverIsInThem() {
        Map<String, String> environment = with("POSTGRES_OPERATOR_LOG_LEVEL", "a\nb");
        environment.put("POSTGRES_OPERATOR_HTTP_PORT", "eighty");
        assertThat(Environment.refusal(environment).orElseThrow())
                .contains("LOG_LEVEL", "HTTP_PORT")
                .hasLineCount(1);
    }

    @Test
    void onlyTextMayBeEmpty() {
        assertThat(Environment.refusal(with("POSTGRES_OPERATOR_DEFAULT_ISSUER", "")))
                .isEmpty();
        assertThat(Environment.refusal(with("POSTGRES_OPERATOR_WATCH_NAMESPACES", "")))
                .isEmpty();
        assertThat(Environment.refusal(with("POSTGRES_OPERATOR_RESYNC_SECONDS", "")))
                .isPresent();
    }

    @Test
    void slipsOfThePenAreFoundButNotWhatKubernetesInjects() {
        assertThat(Environment.unknown(Map.of(
                        "POSTGRES_OPERATOR_WATCH_NAMESPACE", "a",
                        "POSTGRES_OPERATOR_LOG_LEVEL", "info",
                        "POSTGRES_OPERATOR_SERVICE_HOST", "10.0.0.1",
                        "POSTGRES_OPERATOR_PORT", "tcp://10.0.0.1:8080",
                        "POSTGRES_OPERATOR_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "PATH", "/bin")))
                .containsExactly("POSTGRES_OPERATOR_WATCH_NAMESPACE");
    }

    @Test
    void theRefusalIsALineOfJsonOrText() {
        assertThat(complaint(true))
                .startsWith("{\"timestamp\":\"")
                .endsWith("\"message\":\"X=\\\"y\\\" is not valid\"}\n");
        assertThat(complaint(false)).isEqualTo("postgres-operator: X=\"y\" is not valid\n");
    }

    private static String complaint(boolean json) {
        var out = new ByteArrayOutputStream();
        OperatorMain.complain(new PrintStream(out, true, StandardCharsets.UTF_8), json, "X=\"y\" is not valid");
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyVariableIsDocumented() throws IOException {
        String page = Files.readString(Project.file("docs/install.md", "it describes the installation"));
        assertThat(Environment.names()).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    /** A variable that is judged but read by nobody, or read but not judged, would be a silent nothing. */
    @Test
    void whatIsJudgedIsWhatIsRead() throws IOException {
        Set<String> read = new TreeSet<>();
        for (Method method : OperatorConfig.class.getDeclaredMethods()) {
            String words = method.getName().replaceAll("([a-z])([A-Z0-9])", "$1_$2");
            read.add(Environment.PREFIX + words.toUpperCase(Locale.ROOT));
        }
        read.removeAll(
                List.of("POSTGRES_OPERATOR_POD_NAME", "POSTGRES_OPERATOR_POD_NAMESPACE", "POSTGRES_OPERATOR_START"));
        String properties = Files.readString(Project.file("src/main/resources/application.properties", "the defaults"));
        for (String name : List.of("LOG_LEVEL", "HTTP_PORT", "WATCH_NAMESPACES")) {
            assertThat(properties)
                    .contains("${postgres-operator."
                            + name.toLowerCase(Locale.ROOT).replace('_', '-') + ":");
            read.add(Environment.PREFIX + name);
        }
        read.add(Environment.PREFIX + "LOG_FORMAT");
        assertThat(Environment.names()).containsExactlyInAnyOrderElementsOf(read);
    }
}
