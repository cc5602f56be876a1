package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong specs get the message that is promised. The table is `api/bad-input.yaml`; all of it goes through a few calls of
 * `kubectl apply`, because starting kubectl takes longer than everything else.
 */
@ExtendWith(ApiServer.class)
final class BadInputApiTest {
    private static final Pattern REFUSAL = Pattern.compile(
            "^.*(Postgres[A-Za-z]+)\\.postgres-operator\\.smoketurner\\.com \"([^\"]+)\" is invalid: (.*)$",
            Pattern.MULTILINE);

    private static final Map<String, String> ANSWERS = new HashMap<>();

    static List<WrongSpec> cases() {
        return WrongSpec.table();
    }

    @BeforeAll
    static void applyAll(Namespace namespace) {
        List<WrongSpec> cases = WrongSpec.table();
        namespace.apply(list(cases.stream().map(WrongSpec::before).flatMap(Stream::ofNullable)));
        String said = namespace
                .kubectlReading(
                        list(cases.stream().map(WrongSpec::wrong)),
                        // The server is the judge: kubectl's own validation would stop at the first finding.
                        "apply",
                        "--dry-run=server",
                        "--validate=false",
                        "-f",
                        "-")
                .all();
        REFUSAL.matcher(said).results().forEach(m -> ANSWERS.put(m.group(1) + "/" + m.group(2), m.group(3)));
    }

    private static String list(Stream<JsonNode> items) {
        return Manifest.of("apiVersion: v1\nkind: List\n")
                .with(items.toList(), "items")
                .text();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @BadInput({
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 29, 30, 35, 38, 42, 43, 44, 45, 47, 48,
        49, 50, 57, 58, 59, 60, 61, 70, 71, 72
    })
    @Acceptance({53, 88, 94, 122})
    void wrongSpecIsRefusedWithItsMessage(WrongSpec wrong) {
        assertThat(ANSWERS).as("refused").containsKey(wrong.key());
        assertThat(ANSWERS.get(wrong.key())).contains(wrong.says());
    }

    @Test
    @BadInput(4)
    void kubectlItselfNamesWhatIsMissing(Namespace namespace) {
        var answer = namespace.tryApply(Manifest.cluster("incomplete").without("spec", "version"));
        assertThat(answer.ok()).isFalse();
        assertThat(answer.all()).contains("version").containsIgnoringCase("required");
    }

    @Test
    @BadInput(54)
    void aNameIsTakenOnce(Namespace namespace) {
        String manifest = Manifest.cluster("taken").text();
        namespace.kubectlReading(manifest, "create", "-f", "-").orThrow();
        var again = namespace.kubectlReading(manifest, "create", "-f", "-");
        assertThat(again.ok()).isFalse();
        assertThat(again.all()).contains("\"taken\" already exists");
    }

    @Test
    @BadInput(73)
    void unknownFieldsAreNamedOrPruned(Namespace namespace) {
        var typo = Manifest.cluster("typo").spec("replcas", 3);
        var answer = namespace.tryApply(typo);
        assertThat(answer.ok()).isFalse();
        assertThat(answer.all()).contains("unknown field \"spec.replcas\"");
        namespace
                .kubectlReading(typo.text(), "apply", "--validate=false", "-f", "-")
                .orThrow();
        assertThat(namespace.get("pgc", "typo").path("spec").has("replcas")).isFalse();
    }

    @Test
    @BadInput(36)
    @Acceptance(76)
    void parametersOfTheOperatorAreReserved(Namespace namespace) {
        for (String parameter : List.of("port", "archive_command", "ssl", "recovery_target_time")) {
            var answer =
                    namespace.tryApply(Manifest.cluster("reserved").spec("postgresqlParams", Map.of(parameter, "1")));
            assertThat(answer.ok()).as(parameter).isFalse();
            assertThat(answer.all())
                    .contains("[ReservedParameter] parameter " + parameter
                            + " is managed by the operator and cannot be set");
        }
    }

    /** What the servers really run counts, not what was asked for last: a failed upgrade can be taken back. */
    @Test
    @BadInput(8)
    @Acceptance(88)
    void versionMayGoBackToTheRunningOneButNotBelow(Namespace namespace) {
        namespace.apply(Manifest.cluster("upgraded").spec("version", "17"));
        namespace
                .kubectl(
                        "patch",
                        "pgc",
                        "upgraded",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"currentVersion\":\"16\"}}")
                .orThrow();
        var below = namespace.tryApply(Manifest.cluster("upgraded").spec("version", "15"));
        assertThat(below.all())
                .contains("PostgreSQL version downgrades are not allowed. Current version: 16, requested: 15");
        namespace.apply(Manifest.cluster("upgraded").spec("version", "16"));
    }

    @Test
    void engineStaysOnceABackupExists(Namespace namespace) {
        var backup = Map.of("engine", "WalG", "encryption", Map.of("keySecret", "k"));
        var other = Map.of("engine", "PgBackRest", "encryption", Map.of("keySecret", "k"));
        var cluster = Manifest.cluster("engine");
        namespace.apply(cluster.spec("backup", other));
        namespace.apply(cluster.spec("backup", backup));
        namespace
                .kubectl(
                        "patch",
                        "pgc",
                        "engine",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"backup\":{\"lastBackupName\":\"base_01\"}}}")
                .orThrow();
        assertThat(namespace.tryApply(cluster.spec("backup", other)).all())
                .contains("backup.engine cannot be changed once a backup exists");
    }
}
