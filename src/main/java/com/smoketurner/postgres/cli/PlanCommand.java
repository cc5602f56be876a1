package com.smoketurner.postgres.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.preview.ChangeObserver;
import com.smoketurner.postgres.cluster.preview.Preview;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * {@code kubectl pgc-plan -f new.yaml}: what a changed manifest would do to a running cluster, with the rights of whoever
 * asks. It starts nothing of the operator and changes nothing.
 */
public final class PlanCommand {
    /** The first argument that means this command. */
    public static final String NAME = "plan";

    static final int NOTHING_DISTURBED = 0;
    static final int NOT_POSSIBLE = 1;
    static final int DISTURBED = 2;

    /** Something that keeps the question from being answered. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    public PlanCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Answers, and returns the exit code. */
    public int run(String... args) {
        try {
            PlanOptions options = PlanOptions.of(args);
            if (options.help()) {
                out.print(PlanOptions.USAGE);
                return NOTHING_DISTURBED;
            }
            Manifest manifest = Manifest.of(read(options.file()), options.file());
            try (KubernetesClient client = client(options)) {
                return answer(client, manifest, options);
            }
        } catch (Failure | ChangeObserver.Unanswered e) {
            err.println("error: " + e.getMessage());
        } catch (KubernetesClientException e) {
            err.println("error: " + explain(e));
        }
        return NOT_POSSIBLE;
    }

    private int answer(KubernetesClient client, Manifest manifest, PlanOptions options) {
        String namespace = manifest.namespaceOr(options.namespace(), client.getNamespace());
        var dryRun = new DryRun(client, namespace, manifest);
        GenericKubernetesResource live = dryRun.live();
        try {
            GenericKubernetesResource next = dryRun.apply(live);
            if (live == null) {
                out.println(PlanText.created(namespace, manifest.name(), options.json()));
                return NOTHING_DISTURBED;
            }
            Preview preview = new ChangeObserver(client)
                    .preview(
                            cluster(client, live),
                            cluster(client, next),
                            Clock.systemUTC().instant());
            out.print(
                    options.json()
                            ? PlanText.json(namespace, manifest.name(), preview)
                            : PlanText.of(namespace, manifest.name(), preview));
            return preview.refusal() != null
                    ? NOT_POSSIBLE
                    : preview.summary().disturbs() ? DISTURBED : NOTHING_DISTURBED;
        } catch (DryRun.Denied e) {
            out.print(PlanText.denied(namespace, manifest.name(), String.valueOf(e.getMessage()), options.json()));
            return NOT_POSSIBLE;
        }
    }

    private static PostgresCluster cluster(KubernetesClient client, GenericKubernetesResource raw) {
        return client.getKubernetesSerialization().convertValue(raw, PostgresCluster.class);
    }

    private static KubernetesClient client(PlanOptions options) {
        if (options.kubeconfig() != null) {
            if (!Files.isReadable(Path.of(options.kubeconfig()))) {
                throw new Failure("cannot read kubeconfig " + options.kubeconfig());
            }
            System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, options.kubeconfig());
        }
        Config config = new ConfigBuilder(Config.autoConfigure(options.context()))
                .withRequestRetryBackoffLimit(1)
                .withConnectionTimeout(10_000)
                .withRequestTimeout(20_000)
                .build();
        var mapper = new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(new KubernetesSerialization(mapper, true))
                .build();
    }

    private String read(String file) {
        try {
            return file.equals("-")
                    ? new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new Failure("file not found: " + file);
        } catch (IOException e) {
            throw new Failure("cannot read %s: %s".formatted(file, e.getMessage()));
        }
    }

    private static String explain(KubernetesClientException e) {
        String message = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : ErrorText.summary(e);
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_UNAUTHORIZED -> "unauthorized: " + message;
            case HttpURLConnection.HTTP_FORBIDDEN -> "forbidden: " + message;
            case 0 -> "cannot reach the API server: " + message;
            default -> message;
        };
    }
}
