package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.IssuerRef;
import java.util.Map;
import java.util.TreeMap;

/** Settings and values the tests of the builders share. */
final class DesiredFixtures {
    static final Settings SETTINGS = new Settings(
            new TreeMap<>(Map.of(
                    "15", "registry.example/postgres:15",
                    "16", "registry.example/postgres:16",
                    "17", "registry.example/postgres:17",
                    "18", "registry.example/postgres:18")),
            "registry.example/exporter:1",
            "registry.example/pgbouncer:1",
            101,
            103,
            "cluster.local",
            null,
            BackupEngine.PG_BACK_REST,
            "kubernetes",
            true);

    static final Settings OLDER_KUBERNETES = new Settings(
            SETTINGS.images(),
            SETTINGS.exporterImage(),
            SETTINGS.poolerImage(),
            101,
            103,
            "cluster.local",
            new IssuerRef("company", "ClusterIssuer", null),
            BackupEngine.PG_BACK_REST,
            "kubernetes",
            false);

    static final PodInputs WITH_CA = PodInputs.none().withTlsCaPresent(true);

    static final Passwords PASSWORDS = new Passwords("superSecret1", "replSecret2");

    static final InternalSecrets INTERNAL =
            new InternalSecrets("restSecret3", new TreeMap<>(Map.of("applied-credentials", "sha256:1:2")));

    /** The first manifest of the guide. */
    static final String GUIDE = """
            version: "16"
            replicas: 3
            storage:
              size: 100Gi
              storageClass: fast-ssd
            tls:
              issuerRef:
                name: selfsigned-issuer
                kind: ClusterIssuer
            """;

    private DesiredFixtures() {}
}
