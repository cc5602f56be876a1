package com.smoketurner.postgres.cluster.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParameterVerdictsTest {

    private static final String MEMORY = "memory 16000000\n";
    private static final String STARTS = "result 0\noutput 143\n";
    private static final String NO_FILE =
            "result 1\noutput \nerror x FATAL:  could not access file \"typo\": No such file or directory\n";

    private static ParameterProposal proposal(Map<String, String> values, @Nullable Long memory) {
        return new ParameterProposal(new TreeMap<>(values), Map.of("fsync", "on"), values, Map.of(), memory);
    }

    private static ParameterProposal proposal(Map<String, String> values) {
        return proposal(values, null);
    }

    private static ParameterVerdicts verdicts(ParameterProposal proposal, String... answers) {
        return ParameterVerdicts.of(proposal, "c-0", JudgeAnswers.parse(String.join("", answers) + MEMORY));
    }

    @Test
    void aProposalThatStartsIsTaken() {
        var verdicts = verdicts(proposal(Map.of("work_mem", "8MB")), "result 0\noutput 8192\n", STARTS, STARTS);
        assertThat(verdicts.refusal()).isEmpty();
        assertThat(verdicts.byName()).containsEntry("work_mem", new ParameterVerdicts.Verdict("8192", null));
    }

    @Test
    void aValueIsNamedWithTheServersWords() {
        var verdicts = verdicts(
                proposal(Map.of("work_mem", "lots", "fsync", "on")),
                "result 0\noutput on\n",
                "result 1\noutput \nerror x FATAL:  invalid value for parameter \"work_mem\": \"lots\"\nerror x HINT:  units\n",
                STARTS,
                STARTS);
        assertThat(verdicts.refusal())
                .contains(
                        "parameter work_mem: value \"lots\" is not valid (invalid value for parameter \"work_mem\": \"lots\")");
        assertThat(verdicts.byName()).containsEntry("fsync", new ParameterVerdicts.Verdict("on", null));
    }

    @Test
    void logicalSlotsKeepTheWalLevel() {
        var replica = verdicts(proposal(Map.of("wal_level", "replica")), "result 0\noutput replica\n", STARTS, STARTS);
        assertThat(replica.lowersWalLevel()).isTrue();
        assertThat(replica.withLogicalSlots("").refusal()).isEmpty();
        var refused = replica.withLogicalSlots("audit, search");
        assertThat(refused.refusal())
                .contains(
                        "parameter wal_level: value \"replica\" is not valid (a server with logical replication slots starts"
                                + " with logical only; drop the slots first: audit, search)");
        assertThat(refused.byName().get("wal_level"))
                .isEqualTo(new ParameterVerdicts.Verdict(null, refused.refusal().orElseThrow()));
        assertThat(verdicts(proposal(Map.of("wal_level", "LOGICAL")), "result 0\noutput logical\n", STARTS, STARTS)
                        .lowersWalLevel())
                .isFalse();
        assertThat(verdicts(proposal(Map.of("work_mem", "8MB")), "result 0\noutput 8192\n", STARTS, STARTS)
                        .lowersWalLevel())
                .isFalse();
    }

    @Test
    void aLibraryThatIsNotThereIsNamed() {
        assertThat(verdicts(
                                proposal(Map.of("shared_preload_libraries", "a, typo")),
                                "result 0\noutput a, typo\n",
                                NO_FILE,
                                STARTS)
                        .refusal())
                .contains(
                        "parameter shared_preload_libraries: value \"a, typo\" is not valid (could not access file \"typo\": No such file or directory)");
    }

    @Test
    void whatIsBrokenAnywayKeepsNoCorrectionOut() {
        assertThat(verdicts(proposal(Map.of("work_mem", "8MB")), "result 0\noutput 8192\n", NO_FILE, NO_FILE)
                        .refusal())
                .isEmpty();
        assertThat(verdicts(
                                proposal(Map.of("shared_preload_libraries", "typo")),
                                "result 0\noutput typo\n",
                                NO_FILE,
                                NO_FILE.replace("typo", "former"))
                        .refusal())
                .isPresent();
    }

    @Test
    void valuesThatDoNotFitTogetherAreNamedByTheOneThatChanges() {
        String reserved =
                "result 1\noutput \nerror postgres: superuser_reserved_connections (3) plus reserved_connections (30) must be less than max_connections (30)\n";
        assertThat(verdicts(proposal(Map.of("max_connections", "30")), "result 0\noutput 30\n", reserved, STARTS)
                        .refusal()
                        .orElseThrow())
                .startsWith("parameter max_connections: value \"30\" is not valid (superuser_reserved");
        assertThat(verdicts(proposal(Map.of()), reserved, STARTS).refusal().orElseThrow())
                .startsWith("the server does not start with the parameters of the spec (superuser_reserved");
    }

    @Test
    void librariesOfConnectionsAreJudgedToo() {
        var session = proposal(Map.of("session_preload_libraries", "typo"));
        assertThat(session.connectionLibraries()).contains(Map.of("shared_preload_libraries", "\"typo\""));
        assertThat(verdicts(session, "result 0\noutput typo\n", STARTS, STARTS, NO_FILE)
                        .refusal()
                        .orElseThrow())
                .startsWith("parameter session_preload_libraries: value \"typo\" is not valid");
        String another = "result 1\noutput \nerror FATAL:  cannot be loaded that way\n";
        assertThat(verdicts(session, "result 0\noutput typo\n", STARTS, STARTS, another)
                        .refusal())
                .isEmpty();
        assertThat(proposal(Map.of("local_preload_libraries", "p")).connectionLibraries())
                .contains(Map.of("shared_preload_libraries", "\"$libdir/plugins/p\""));
    }

    @Test
    void aListThatNoServerReadsIsRefused() {
        assertThat(verdicts(
                                proposal(Map.of("shared_preload_libraries", "a,,b")),
                                "result 0\noutput a,,b\n",
                                STARTS,
                                STARTS)
                        .refusal()
                        .orElseThrow())
                .contains("syntax error");
    }

    @Test
    void memoryThatTheNodeDoesNotHaveIsRefused() {
        String much = "result 0\noutput 7473952\n";
        assertThat(verdicts(proposal(Map.of("shared_buffers", "7TB")), "result 0\noutput 939524096\n", much, STARTS)
                        .refusal()
                        .orElseThrow())
                .startsWith("parameter shared_buffers: value \"7TB\" is not valid")
                .contains("needs 7473952 MB", "the node of c-0 has 15625 MB");
    }

    @Test
    void aCacheBeyondTheLimitIsAPersonsAffairUntilTheStartAloneIs() {
        var beyond = proposal(Map.of("shared_buffers", "1GB"), 512L << 20);
        assertThat(verdicts(beyond, "result 0\noutput 131072\n", "result 0\noutput 1074\n", STARTS)
                        .refusal())
                .isEmpty();
        assertThat(verdicts(beyond, "result 0\noutput 131072\n", "result 0\noutput 1600\n", STARTS)
                        .refusal()
                        .orElseThrow())
                .contains("a start needs 576 MB", "spec.resources.limits.memory is 512 MB");
    }

    @Test
    void hugePagesAreNotThere() {
        assertThat(verdicts(proposal(Map.of("huge_pages", "on")), "result 0\noutput on\n", STARTS, STARTS)
                        .refusal()
                        .orElseThrow())
                .contains("huge_pages", "set it to try or off");
    }

    @Test
    void whatCannotBeCheckedIsNoVerdict() {
        assertThatThrownBy(() -> verdicts(proposal(Map.of()), STARTS)).isInstanceOf(KubernetesClientException.class);
        assertThatThrownBy(() -> verdicts(
                        proposal(Map.of()),
                        "result 1\noutput \nerror FATAL:  incorrect checksum in control file\n",
                        STARTS))
                .isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void parametersOfExtensionsAreJudgedByTheStartAlone() {
        var proposal = proposal(new TreeMap<>(Map.of("auto_explain.log_min_duration", "1s", "work_mem", "8MB")));
        assertThat(new ArrayList<>(proposal.asked().keySet())).isEqualTo(List.of("work_mem"));
        assertThat(Optional.ofNullable(proposal.memory())).isEmpty();
    }
}
