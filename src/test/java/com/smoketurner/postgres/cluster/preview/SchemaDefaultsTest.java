package com.smoketurner.postgres.cluster.preview;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SchemaDefaultsTest {

    @Test
    void theyAreThoseOfTheSchema() throws IOException {
        JsonNode crd = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("deploy/crds/postgresclusters.yaml").toFile());
        var defaults = new TreeMap<String, String>();
        collect("", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"), defaults);
        assertThat(new TreeMap<>(SchemaDefaults.VALUES)).isEqualTo(defaults);
    }

    private static void collect(String path, JsonNode schema, Map<String, String> defaults) {
        if (schema.has("default")) {
            defaults.put(path, schema.path("default").asText());
        }
        schema.path("properties")
                .properties()
                .forEach(field -> collect(
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), defaults));
    }
}
