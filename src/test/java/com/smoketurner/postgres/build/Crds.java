package com.smoketurner.postgres.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresUpgrade;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CRDs as the model of now gives them, by the file name they have in {@code deploy/crds}. */
final class Crds {
    static final List<Class<? extends HasMetadata>> KINDS =
            List.of(PostgresCluster.class, PostgresDatabase.class, PostgresUpgrade.class);

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    static final Map<String, JsonNode> GENERATED = generate();

    private Crds() {}

    private static Map<String, JsonNode> generate() {
        try {
            Path folder = Files.createTempDirectory("crds");
            try {
                new CRDGenerator()
                        .customResourceClasses(KINDS)
                        .withPostProcessor(new CrdTweaks())
                        .inOutputDir(folder.toFile())
                        .generate();
                return read(folder);
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonNode> read(Path folder) throws IOException {
        var crds = new TreeMap<String, JsonNode>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                JsonNode crd = YAML.readTree(Files.readString(file));
                crds.put(crd.at("/spec/names/plural").asText() + ".yaml", wholeNumbers(crd));
            }
        }
        return crds;
    }

    static String yaml(JsonNode crd) {
        try {
            return YAML.writeValueAsString(crd);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The generator writes every bound as a fraction: 10.0. */
    private static JsonNode wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(wholeNumbers(entry.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, wholeNumbers(array.get(i)));
            }
        } else if (node.isFloatingPointNumber() && node.canConvertToExactIntegral()) {
            return LongNode.valueOf(node.longValue());
        }
        return node;
    }
}
