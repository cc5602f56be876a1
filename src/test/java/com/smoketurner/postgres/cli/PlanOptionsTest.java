package com.smoketurner.postgres.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanOptionsTest {

    @Test
    void optionsAreThoseOfKubectl() {
        PlanOptions options =
                PlanOptions.of("-f", "new.yaml", "--namespace=a", "--context", "b", "--kubeconfig=/c", "-o", "json");
        assertThat(options).isEqualTo(new PlanOptions("new.yaml", "a", "b", "/c", true, false));
        assertThat(PlanOptions.of("--filename=-", "-o", "text"))
                .isEqualTo(new PlanOptions("-", null, null, null, false, false));
    }

    @Test
    void helpNeedsNothingElse() {
        assertThat(PlanOptions.of("--help").help()).isTrue();
        assertThat(PlanOptions.of("-f", "x", "-h").help()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', -f FILE is required",
        "-f, -f needs a value",
        "-f x --all y, unknown option --all",
        "-f x -o yaml, 'must be text or json, not yaml'"
    })
    void whatIsWrongIsNamed(String line, String message) {
        assertThatThrownBy(() -> PlanOptions.of(line.isEmpty() ? new String[0] : line.split(" ")))
                .isInstanceOf(PlanCommand.Failure.class)
                .hasMessageContaining(message);
    }
}
