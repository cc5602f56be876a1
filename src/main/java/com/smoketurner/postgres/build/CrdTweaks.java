package com.smoketurner.postgres.build;

import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a CRD needs and no annotation can say. */
public final class CrdTweaks implements CRDPostProcessor {
    /** The columns of all kinds; the generator sorts them by path. */
    private static final List<String> COLUMNS = List.of(
            "Version",
            "Replicas",
            "Cluster",
            "Database",
            "Owner",
            "Source",
            "TargetVer",
            "Phase",
            "Ready",
            "Lag",
            "Age",
            "Primary",
            "Successor",
            "Lagging",
            "Target",
            "Secret");

    private static final Map<String, String> KINDS = Map.of(
            "PostgresCluster", "A highly available PostgreSQL: a primary and its replicas, run by Patroni.",
            "PostgresDatabase", "A database in a PostgresCluster, with its roles, grants, extensions and credentials.",
            "PostgresUpgrade", "A blue-green upgrade of a PostgresCluster to a higher major version.");

    /** Lists whose items have a key, so that a merge or a server-side apply by several managers keeps all of them. */
    private static final Map<String, String> LIST_KEYS = Map.of("conditions", "type", "roles", "name");

    private static final Set<String> SETS = Set.of("extensions");

    /** Times of status. Those of the spec are judged by CEL, whose message says how to write them. */
    private static final Set<String> TIMES = Set.of(
            "lastTransitionTime",
            "last_transition_time",
            "phaseStartedAt",
            "certificateExpiresAt",
            "startedAt",
            "stoppedAt",
            "awaySince",
            "servingAt",
            "completedAt",
            "cutoverStartedAt",
            "createdAt",
            "lastRotatedAt",
            "syncedAt",
            "restoreStartedAt",
            "restoreTime",
            "lastErrorTime",
            "lastMeasured",
            "lastBackupTime",
            "oldestBackupTime",
            "lastWalArchiveTime",
            "recoveryWindowStart",
            "recoveryWindowEnd",
            "lastScheduleTime",
            "nextScheduledTime",
            "lastVerifiedTime",
            "lastVerificationTime",
            "lastSyncTime",
            "lastCheckTime",
            "lastSourceWrite",
            "firstTargetWrite");

    @Override
    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
        if (crd instanceof CustomResourceDefinition definition) {
            for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
                tweak(version, definition.getSpec().getNames().getKind());
            }
        }
        return crd;
    }

    private static void tweak(CustomResourceDefinitionVersion version, String kind) {
        version.setAdditionalPrinterColumns(sorted(version.getAdditionalPrinterColumns()));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(KINDS.get(kind));
        root.setRequired(List.of("spec"));
        JSONSchemaProps spec = Objects.requireNonNull(root.getProperties().get("spec"), "spec");
        spec.setDescription("The state that is wanted.");
        JSONSchemaProps status = Objects.requireNonNull(root.getProperties().get("status"), "status");
        status.setDescription("The state that was observed. Written by the operator.");
        walk(root);
        formatTimes(status);
    }

    private static List<CustomResourceColumnDefinition> sorted(List<CustomResourceColumnDefinition> columns) {
        for (CustomResourceColumnDefinition column : columns) {
            if (!COLUMNS.contains(column.getName())) {
                throw new IllegalStateException("column " + column.getName() + " has no place in CrdTweaks.COLUMNS");
            }
        }
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())))
                .toList();
    }

    private static void walk(JSONSchemaProps schema) {
        dropDuplicateRules(schema);
        CoreTypes.complete(schema);
        properties(schema).forEach((name, property) -> {
            declareList(name, property);
            if (property.getDescription() == null) {
                property.setDescription(CoreTypes.description(name));
            }
        });
        children(schema).forEach(CrdTweaks::walk);
    }

    /** A rule on the component of a record is found twice, on its field and on its accessor. */
    private static void dropDuplicateRules(JSONSchemaProps schema) {
        List<ValidationRule> rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(rules)));
        }
    }

    private static void declareList(String name, JSONSchemaProps property) {
        if (!"array".equals(property.getType())) {
            return;
        }
        String key = LIST_KEYS.get(name);
        if (key != null && property.getItems().getSchema().getProperties().containsKey(key)) {
            property.setXKubernetesListType("map");
            property.setXKubernetesListMapKeys(List.of(key));
        } else if (SETS.contains(name)) {
            property.setXKubernetesListType("set");
        }
    }

    private static void formatTimes(JSONSchemaProps schema) {
        properties(schema).forEach((name, property) -> {
            if (TIMES.contains(name)) {
                property.setFormat("date-time");
            }
        });
        children(schema).forEach(CrdTweaks::formatTimes);
    }

    static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
        Map<String, JSONSchemaProps> properties = schema.getProperties();
        return properties == null ? Map.of() : properties;
    }

    private static List<JSONSchemaProps> children(JSONSchemaProps schema) {
        List<JSONSchemaProps> children = new ArrayList<>(properties(schema).values());
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            children.add(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            children.add(schema.getAdditionalProperties().getSchema());
        }
        return children;
    }
}
