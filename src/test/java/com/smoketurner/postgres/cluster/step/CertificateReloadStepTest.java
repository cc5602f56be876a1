package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.patroni.MemberRoutes;
import com.smoketurner.postgres.patroni.PatroniClient;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CertificateReloadStepTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final HttpServer member;
    private boolean silent;
    private final KubernetesClient nowhere = new KubernetesClientBuilder()
            .withConfig(Config.empty())
            .withHttpClientFactory(new VertxHttpClientFactory())
            .build();
    private final CertificateReloadStep step = new CertificateReloadStep(
            new PatroniClient((namespace, pod, dnsName, port) -> route()),
            new PodExec(nowhere),
            new MemberPods(nowhere),
            new EventRecorder(nowhere, "operator"),
            new DeliveredAuthorities(new PodExec(nowhere), new MemberPods(nowhere)));

    CertificateReloadStepTest() throws IOException {
        member = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        member.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        member.start();
    }

    @AfterEach
    void stop() {
        member.stop(0);
    }

    private MemberRoutes.Route route() throws IOException {
        if (silent) {
            throw new IOException("no route");
        }
        return new MemberRoutes.Route("127.0.0.1", member.getAddress().getPort(), () -> {});
    }

    private static ClusterView run(Instant now, String version) {
        var tls = new SecretBuilder()
                .withNewMetadata()
                .withResourceVersion(version)
                .endMetadata()
                .build();
        Member member = Members.member(0, true, true).build();
        return Runs.of(
                Clusters.cluster(),
                Observed.members(member).leader("c-0", now).tls(tls).build(),
                now);
    }

    @Test
    void aMemberThatDoesNotAnswerIsNoRenewal() {
        silent = true;
        assertThat(step.run(Runs.notWriting(run(NOW, "1")))).isEqualTo(Outcome.UNDECIDED);
        assertThat(step.run(Runs.notWriting(run(NOW.plusSeconds(30), "1")))).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void aMemberThatShowsAnotherCertificateIsWaitedForAlsoWhenItFallsSilent() {
        assertThat(step.run(Runs.notWriting(run(NOW, "1"))))
                .as("it shows none at all")
                .isInstanceOf(Outcome.Waiting.class);
        silent = true;
        assertThat(step.run(Runs.notWriting(run(NOW.plusSeconds(30), "1")))).isInstanceOf(Outcome.Waiting.class);
    }

    @Test
    void whatAMemberHasShownIsForgottenWithItsCluster() {
        assertThat(step.run(Runs.notWriting(run(NOW, "1")))).isInstanceOf(Outcome.Waiting.class);
        step.forget(run(NOW, "1").cluster());
        silent = true;
        assertThat(step.run(Runs.notWriting(run(NOW.plusSeconds(30), "1"))))
                .as("a new one")
                .isEqualTo(Outcome.UNDECIDED);
    }
}
