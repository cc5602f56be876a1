package com.smoketurner.postgres.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class EventRecorderApiTest {
    private static final EventMessage NEWS = EventMessage.of(EventReason.CLUSTER_UPDATING, "one more time");

    private final Namespace ns;
    private final KubernetesClient client;

    EventRecorderApiTest(Namespace ns, KubernetesClient client) {
        this.ns = ns;
        this.client = client;
    }

    private ConfigMap subject(String name) {
        return client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(ns.name())
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private List<Event> events(String subject) {
        return client.events().v1().events().inNamespace(ns.name()).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(subject))
                .toList();
    }

    private List<AuditLog.Request> requests(String subject) {
        return new AuditLog(ns.lab().auditLog())
                .read(request -> request.resource().equals("events")
                        && request.namespace().equals(ns.name())
                        && request.name().startsWith(subject + "."));
    }

    @Test
    void repetitionsAreCountedAlsoByAnotherProcessAndNoWriteIsRefused() {
        ConfigMap subject = subject("told");
        var first = new EventRecorder(client, "first");
        first.record(subject, NEWS, Instant.now());
        first.record(subject, NEWS, Instant.now());
        first.record(subject, NEWS, Instant.now());
        new EventRecorder(client, "second").record(subject, NEWS, Instant.now());

        assertThat(events("told")).singleElement().satisfies(event -> {
            assertThat(event.getSeries().getCount()).isEqualTo(4);
            assertThat(event.getReportingInstance()).isEqualTo("first");
        });
        List<AuditLog.Request> requests = Waiting.until(
                "all requests are in the audit log",
                Waiting.SHORT,
                () -> requests("told"),
                all -> all.stream().filter(AuditLog.Request::write).count() >= 4);
        assertThat(requests.stream().filter(AuditLog.Request::write)).hasSize(4).noneMatch(AuditLog.Request::refused);
    }

    @Test
    void anEventThatTheServerForgotIsMadeAnew() {
        ConfigMap subject = subject("forgotten");
        var recorder = new EventRecorder(client, "first");
        recorder.record(subject, NEWS, Instant.now());
        client.resource(events("forgotten").getFirst()).delete();
        recorder.record(subject, NEWS, Instant.now());
        assertThat(events("forgotten"))
                .singleElement()
                .satisfies(event -> assertThat(event.getSeries()).isNull());
    }

    @Test
    void aSubjectYoungerThanTheWorkCostsNoRead() {
        var recorder = new EventRecorder(client, "first");
        recorder.record(subject("older"), NEWS, Instant.now().minusSeconds(60));
        recorder.record(subject("younger"), NEWS, Instant.now());
        assertThat(events("younger")).hasSize(1);
        assertThat(requests("younger")).noneMatch(request -> request.verb().equals("get"));
    }

    @Test
    void whatAnotherProcessReportedMeanwhileIsCounted() {
        var recorder = new EventRecorder(client, "first");
        recorder.record(subject("old"), NEWS, Instant.now().minusSeconds(60));
        ConfigMap subject = subject("shared");
        new EventRecorder(client, "second").record(subject, NEWS, Instant.now());
        recorder.record(subject, NEWS, Instant.now());
        assertThat(events("shared"))
                .singleElement()
                .satisfies(event -> assertThat(event.getSeries().getCount()).isEqualTo(2));
    }
}
