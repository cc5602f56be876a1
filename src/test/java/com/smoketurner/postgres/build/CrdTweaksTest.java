package com.smoketurner.postgres.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What annotations cannot say, and what must hold for every schema. */
final class CrdTweaksTest {
    static List<JsonNode> crds() {
        return List.copyOf(Crds.GENERATED.values());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresclusters, pgc, 'Version,Replicas,Phase,Ready,Age,Primary/1,Successor/1,Lagging/1'",
        "postgresdatabases, pgdb, 'Cluster,Database,Owner,Phase,Age,Secret/1'",
        "postgresupgrades, 'pgu,pgup,pgupgrade', 'Source,TargetVer,Phase,Lag,Age,Target/1'"
    })
    void namesAndColumnsAreThoseOfTheContract(String plural, String shortNames, String columns) {
        JsonNode crd = Objects.requireNonNull(Crds.GENERATED.get(plural + ".yaml"));
        assertThat(Json.texts(crd.at("/spec/names/shortNames"))).containsExactly(shortNames.split(","));
        assertThat(Json.texts(crd.at("/spec/names/categories"))).containsExactly("all", "databases", "postgresql");
        assertThat(crd.at("/spec/scope").asText()).isEqualTo("Namespaced");
        var found = new ArrayList<String>();
        crd.at("/spec/versions/0/additionalPrinterColumns")
                .forEach(c ->
                        found.add(c.path("name").asText() + (c.path("priority").asInt() == 1 ? "/1" : "")));
        assertThat(found).containsExactly(columns.split(","));
        assertThat(crd.at("/spec/versions/0/subresources/status").isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("crds")
    void schemasAreStructuralAndDescribed(JsonNode crd) {
        JsonNode root = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        assertThat(Json.texts(root.path("required"))).containsExactly("spec");
        assertThat(root.path("description").asText()).isNotBlank();
        eachProperty("", root, (path, property) -> {
            assertThat(property.path("description").asText())
                    .as("description of %s", path)
                    .endsWith(".");
            assertThat(property.has("x-kubernetes-preserve-unknown-fields"))
                    .as("preserve-unknown-fields at %s", path)
                    .isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("crds")
    void noRuleIsThereTwice(JsonNode crd) {
        eachProperty("", crd.at("/spec/versions/0/schema/openAPIV3Schema"), (path, property) -> {
            List<JsonNode> rules = new ArrayList<>();
            property.path("x-kubernetes-validations").forEach(rules::add);
            assertThat(new HashSet<>(rules)).as("rules of %s", path).hasSameSizeAs(rules);
        });
    }

    /** Otherwise the API server refuses the CRD for the cost of its rules, or a user fills the database with one field. */
    @ParameterizedTest
    @MethodSource("crds")
    void whatUsersWriteIsBounded(JsonNode crd) {
        eachProperty("", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"), (path, property) -> {
            if (path.matches(
                    ".*(affinity|tolerations|topologySpreadConstraints|Selector|imagePullSecrets)(\\[])?\\..*")) {
                return;
            }
            String bound = switch (property.path("type").asText()) {
                case "string" -> property.has("enum") ? "enum" : "maxLength";
                case "array" -> "maxItems";
                case "object" -> property.has("additionalProperties") ? "maxProperties" : "type";
                default -> "";
            };
            assertThat(bound.isEmpty() || property.has(bound))
                    .as("%s has %s", path, bound)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("crds")
    void conditionsAreKeyedByType(JsonNode crd) {
        JsonNode conditions = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/conditions");
        assertThat(conditions.path("x-kubernetes-list-type").asText()).isEqualTo("map");
        assertThat(Json.texts(conditions.path("x-kubernetes-list-map-keys"))).containsExactly("type");
        assertThat(conditions.at("/items/properties/lastTransitionTime/format").asText())
                .isEqualTo("date-time");
    }

    /** A new time of status must be made known to the post-processor. */
    @ParameterizedTest
    @MethodSource("crds")
    void timesOfStatusHaveTheFormat(JsonNode crd) {
        eachProperty("", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/status"), (path, property) -> {
            if (property.path("description").asText().startsWith("When ")) {
                assertThat(property.path("format").asText())
                        .as("format of %s", path)
                        .isEqualTo("date-time");
            }
        });
    }

    private static void eachProperty(String prefix, JsonNode schema, BiConsumer<String, JsonNode> check) {
        schema.path("properties").properties().forEach(entry -> {
            String path = prefix + "." + entry.getKey();
            // The API server describes these itself.
            if (!List.of(".apiVersion", ".kind", ".metadata").contains(path)) {
                check.accept(path, entry.getValue());
            }
            eachProperty(path, entry.getValue(), check);
        });
        if (schema.has("items")) {
            eachProperty(prefix + "[]", schema.get("items"), check);
        }
        if (schema.has("additionalProperties")) {
            eachProperty(prefix + ".*", schema.get("additionalProperties"), check);
        }
    }
}
