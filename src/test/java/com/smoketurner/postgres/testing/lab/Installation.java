package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Patience;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Installing the operator from what the project ships. */
public final class Installation {
    /** The issuer of the guide. */
    public static final String ISSUER = """
            apiVersion: cert-manager.io/v1
            kind: ClusterIssuer
            metadata: {name: selfsigned-issuer}
            spec: {selfSigned: {}}
            """;

    /** On the machine of docs/benchmarks.md. */
    private static final Duration USUAL = Duration.ofSeconds(15);

    private Installation() {}

    /** The one file that a user applies. */
    public static Path manifest() {
        return Project.file("deploy/install.yaml", "'make generate' writes it");
    }

    /**
     * As a user would: the settings, which name the database image at hand, then one file, server-side. Then the issuer of the
     * guide is made.
     */
    public static void complete(Lab lab) {
        Images.archives().forEach(lab::load);
        Instant began = Instant.now();
        boolean again = !lab.kubectl("", deployment("get", "--ignore-not-found", "-o", "name"))
                .orThrow()
                .isBlank();
        apply(lab, settings());
        lab.kubectl(
                        "",
                        List.of(
                                "apply",
                                "--server-side",
                                "--force-conflicts",
                                "-f",
                                manifest().toString()))
                .orThrow();
        if (again) {
            // It may run a former image of the same tag.
            lab.kubectl("", deployment("rollout", "restart")).orThrow();
        }
        awaitAvailable(lab);
        Patience.learn("the installation of the operator", Duration.between(began, Instant.now()), USUAL);
        Waiting.until(
                "cert-manager takes the ClusterIssuer",
                Waiting.SHORT,
                () -> lab.kubectl(ISSUER, List.of("apply", "-f", "-")),
                Command.Result::ok);
    }

    private static void apply(Lab lab, String yaml) {
        lab.kubectl(yaml, List.of("apply", "--server-side", "-f", "-")).orThrow();
    }

    /** The namespace and the operator's settings in it. */
    private static String settings() {
        var settings = new StringBuilder("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: postgres-operator-system}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: postgres-operator-config, namespace: postgres-operator-system}
                data:
                """);
        for (String major : List.of("15", "16", "17", "18")) {
            settings.append("  POSTGRES_OPERATOR_IMAGE_%s: %s%n".formatted(major, Images.postgres()));
        }
        settings.append("  POSTGRES_OPERATOR_IMAGE_EXPORTER: %s%n".formatted(Images.postgres()));
        settings.append("  POSTGRES_OPERATOR_IMAGE_PGBOUNCER: %s%n".formatted(Images.postgres()));
        // The engine of the project's own image.
        settings.append("  POSTGRES_OPERATOR_BACKUP_ENGINE: PgBackRest\n");
        return settings.toString();
    }

    /** Waits until the rollout of the operator is complete: no pod of an older template serves any more. */
    public static void awaitAvailable(Lab lab) {
        String timeout = "--timeout=" + Patience.of(Waiting.SHORT).toSeconds() + "s";
        lab.kubectl("", deployment("rollout", "status", timeout)).orThrow();
    }

    /** A command of kubectl about the operator's Deployment. */
    private static List<String> deployment(String... words) {
        var args = new ArrayList<>(List.of(words));
        args.addAll(args.getFirst().equals("rollout") ? 2 : 1, List.of("deployment/" + Project.OPERATOR));
        args.addAll(List.of("-n", Project.OPERATOR_NAMESPACE));
        return args;
    }

    /**
     * Everything of the shipped file but the Deployment, for an API server without nodes: CRDs, namespace, roles and
     * policies. The operator runs as a local process then.
     */
    public static void withoutDeployment(KubernetesClient client) {
        List<HasMetadata> items;
        try (InputStream in = Files.newInputStream(manifest())) {
            items = client.load(in).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (HasMetadata item : items) {
            if (!(item instanceof Deployment)) {
                client.resource(item).fieldManager("kubectl").forceConflicts().serverSideApply();
            }
        }
        for (String kind : List.of("postgresclusters", "postgresdatabases", "postgresupgrades")) {
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(kind + "." + Project.GROUP)
                    .waitUntilCondition(
                            crd -> crd != null
                                    && crd.getStatus() != null
                                    && crd.getStatus().getConditions().stream()
                                            .anyMatch(c ->
                                                    "Established".equals(c.getType()) && "True".equals(c.getStatus())),
                            Patience.of(Duration.ofMinutes(1)).toSeconds(),
                            java.util.concurrent.TimeUnit.SECONDS);
        }
    }
}
