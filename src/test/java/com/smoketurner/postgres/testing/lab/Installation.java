package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
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

    private Installation() {}

    /** The one file that a user applies. */
    public static Path manifest() {
        return Project.file("deploy/install.yaml", "'make generate' writes it");
    }

    /**
     * As a user would: one file, server-side. Then the operator is told the database image at hand, and the issuer of
     * the guide is made.
     */
    public static void complete(Lab lab) {
        Images.archives().forEach(lab::load);
        // The CRDs and objects of these kinds are in one file; a server that has just learnt the CRDs may need a
        // moment.
        lab.kubectl(
                        "",
                        List.of(
                                "apply",
                                "--server-side",
                                "--force-conflicts",
                                "-f",
                                manifest().toString()))
                .orThrow();
        var settings = new StringBuilder();
        for (String major : List.of("15", "16", "17", "18")) {
            settings.append("  POSTGRES_OPERATOR_IMAGE_")
                    .append(major)
                    .append(": ")
                    .append(Images.postgres())
                    .append('\n');
        }
        lab.kubectl("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: postgres-operator-config, namespace: postgres-operator-system}
                        data:
                        """ + settings, List.of("apply", "-f", "-")).orThrow();
        // The pod may have started before its settings were there.
        rollout(lab, "restart");
        awaitAvailable(lab);
        Waiting.until(
                "cert-manager takes the ClusterIssuer",
                Waiting.SHORT,
                () -> lab.kubectl(ISSUER, List.of("apply", "-f", "-")),
                Command.Result::ok);
    }

    /** Waits until the rollout of the operator is complete: no pod of an older template serves any more. */
    public static void awaitAvailable(Lab lab) {
        rollout(lab, "status", "--timeout=240s");
    }

    private static void rollout(Lab lab, String verb, String... options) {
        var args = new ArrayList<>(
                List.of("-n", Project.OPERATOR_NAMESPACE, "rollout", verb, "deployment/" + Project.OPERATOR));
        args.addAll(List.of(options));
        lab.kubectl("", args).orThrow();
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
                            Duration.ofMinutes(1).toSeconds(),
                            java.util.concurrent.TimeUnit.SECONDS);
        }
    }
}
