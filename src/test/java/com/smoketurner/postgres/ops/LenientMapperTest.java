package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.PostgresCluster;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LenientMapperTest {
    @Test
    void fieldsOfANewerVersionAreOverlooked() throws IOException {
        var mapper = new ObjectMapper();
        new LenientMapper().customize(mapper);
        String newer = """
                {"apiVersion": "postgres-operator.smoketurner.com/v1alpha1", "kind": "PostgresCluster",
                 "metadata": {"name": "db"},
                 "spec": {"version": "16", "storage": {"size": "1Gi", "colour": "blue"}, "quantum": {"spin": 1}},
                 "status": {"phase": "Running", "mood": "good"}}
                """;
        var cluster = mapper.readValue(newer, PostgresCluster.class);
        assertThat(cluster.getSpec().version()).isEqualTo("16");
    }
}
