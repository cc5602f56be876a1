package com.smoketurner.postgres.ops.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The way to the API server that the Lease has to itself: one connection and one thread. The threads of the operator's
 * client decode what hundreds of clusters send, for seconds at the start, and a renewal has to be answered within a few.
 *
 * <p>It gives up on a request while there is time for others before the Lease is lost, and repeats none by itself: the
 * client's own repetitions wait ever longer, and a second for every 429, until the Lease has run out.
 */
public final class LeaseClient implements AutoCloseable {
    /** How long one request may take. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final KubernetesClient own;
    private final KubernetesClient impatient;

    private LeaseClient(Vertx vertx, KubernetesClient own, KubernetesClient impatient) {
        this.vertx = vertx;
        this.own = own;
        this.impatient = impatient;
    }

    /** Of the same server and credentials, renewed ones included, as the given client. */
    public static LeaseClient like(KubernetesClient client) {
        return like(client, PATIENCE);
    }

    static LeaseClient like(KubernetesClient client, Duration patience) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setBlockedThreadCheckInterval(1) // Its thread only waits.
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        KubernetesClient own = new KubernetesClientBuilder()
                .withConfig(client.getConfiguration())
                .withKubernetesSerialization(client.getKubernetesSerialization())
                .withHttpClientFactory(new VertxHttpClientFactory(vertx))
                .build();
        var request = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout((int) patience.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build();
        return new LeaseClient(vertx, own, own.newClient(request).adapt(KubernetesClient.class));
    }

    public KubernetesClient client() {
        return impatient;
    }

    @Override
    public void close() {
        own.close();
        vertx.close();
    }
}
