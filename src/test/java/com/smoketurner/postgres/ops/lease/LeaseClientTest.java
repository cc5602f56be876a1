package com.smoketurner.postgres.ops.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every request is one try, which ends soon. */
class LeaseClientTest {
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final KubernetesClient operators;

    LeaseClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build();
        operators = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new VertxHttpClientFactory())
                .build();
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        operators.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aRefusalIsToldAndNotTriedAgain() {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getResponseHeaders().add("Retry-After", "1");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        try (var lease = LeaseClient.like(operators)) {
            var store = new ApiLease(lease.client(), "ns");
            assertThatThrownBy(store::read)
                    .asInstanceOf(InstanceOfAssertFactories.type(KubernetesClientException.class))
                    .extracting(KubernetesClientException::getCode)
                    .isEqualTo(429);
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void aRenewalIsOneRequest() {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] answer =
                    """
                    {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                     "metadata": {"name": "%s", "namespace": "ns", "resourceVersion": "8"},
                     "spec": {"holderIdentity": "%s"}}""".formatted(ApiLease.NAME, exchange.getRequestMethod()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        try (var lease = LeaseClient.like(operators)) {
            var store = new ApiLease(lease.client(), "ns");
            LeaseRecord renewed = store.renew(new LeaseRecord("me", 15, Instant.EPOCH, Instant.EPOCH, 0, "7"));
            assertThat(renewed.holder()).isEqualTo("PATCH");
            assertThat(renewed.version()).isEqualTo("8");
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUpOn() {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        try (var lease = LeaseClient.like(operators, Duration.ofMillis(200))) {
            var store = new ApiLease(lease.client(), "ns");
            assertThatThrownBy(store::read).isInstanceOf(KubernetesClientException.class);
        }
        assertThat(requests.get()).as("no second try").isLessThan(2);
    }
}
