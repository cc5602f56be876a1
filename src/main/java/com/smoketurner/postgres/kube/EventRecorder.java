package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Sends events ({@code events.k8s.io/v1}). The name of an event is derived from what it says about which object, so that
 * a repetition, also one by a restarted operator, raises the count of the first instead of adding another.
 *
 * <p>What this process has sent is remembered, and whether an earlier one can have sent it is asked before a creation, so
 * that no write is refused: not even a first one costs a read where the object is younger than this recorder's work.
 */
public final class EventRecorder {

    private static final String REPORTER = "postgres-operator";
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NOTE_LIMIT = 1024;

    /** Events of some thousand clusters under construction; what falls out costs one refused write if it comes again. */
    private static final int REMEMBERED = 4096;

    private final KubernetesClient client;
    private final String instance;
    private final Set<String> sent = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    /** When the first event was sent. */
    private volatile Instant begun = Instant.MAX;

    /**
     * @param instance who reports: the name of the operator's pod
     */
    public EventRecorder(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    /** Logs what the operator has done, and sends it as an event. */
    public void logAndRecord(HasMetadata about, EventMessage message, Instant now) {
        Log.info(message.message());
        record(about, message, now);
    }

    /**
     * Sends one event, or counts it once more. An event that is refused is dropped: nothing may depend on it.
     *
     * @param now the time of the occurrence
     */
    public void record(HasMetadata about, EventMessage message, Instant now) {
        if (now.isBefore(begun)) {
            begun = now;
        }
        try {
            createOrRepeat(about, event(about, message, now), now);
        } catch (KubernetesClientException e) {
            if (ApiFailure.passing(e)) {
                throw e;
            }
            // Also where the namespace is going away and nobody is left to tell. The status says the same.
            Log.warnf(
                    "event %s about %s could not be sent: %s",
                    message.reason(), about.getMetadata().getName(), e.getMessage());
        }
    }

    private void createOrRepeat(HasMetadata about, Event event, Instant now) {
        String key =
                event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
        boolean known = sent.contains(key) || older(about);
        if (!known || !repeat(event, now)) {
            create(event, now);
        }
        sent.add(key);
    }

    /** Whether the object was there before this process sent its first event: another one may have reported on it. */
    private boolean older(HasMetadata about) {
        String created = about.getMetadata().getCreationTimestamp();
        return created == null || !Instant.parse(created).isAfter(begun);
    }

    private void create(Event event, Instant now) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            repeat(event, now);
        }
    }

    private Event event(HasMetadata about, EventMessage message, Instant now) {
        String uid = about.getMetadata().getUid();
        return new EventBuilder()
                .withNewMetadata()
                .withName(about.getMetadata().getName() + "."
                        + Fingerprint.of(uid + "\0" + message.reason() + "\0" + message.message() + "\0"))
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICRO.format(now)))
                .withReportingController(REPORTER)
                .withReportingInstance(instance)
                .withAction(message.reason())
                .withReason(message.reason())
                .withType(message.warning() ? "Warning" : "Normal")
                .withNote(abbreviate(message.message()))
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withName(about.getMetadata().getName())
                        .withNamespace(about.getMetadata().getNamespace())
                        .withUid(uid)
                        .build())
                .build();
    }

    /**
     * Counts the event once more.
     *
     * @return false if there is none, as after the hour that the API server keeps it
     */
    private boolean repeat(Event event, Instant now) {
        Event current = client.events()
                .v1()
                .events()
                .inNamespace(event.getMetadata().getNamespace())
                .withName(event.getMetadata().getName())
                .get();
        if (current == null) {
            return false;
        }
        EventSeries series = current.getSeries();
        // Of the object, not of its name, which the client would read once more.
        client.resource(current)
                .edit(known -> new EventBuilder(known)
                        .withNewSeries()
                        .withCount(series == null ? 2 : series.getCount() + 1)
                        .withLastObservedTime(new MicroTime(MICRO.format(now)))
                        .endSeries()
                        .build());
        return true;
    }

    private static String abbreviate(String message) {
        return message.length() <= NOTE_LIMIT ? message : message.substring(0, NOTE_LIMIT - 1) + "…";
    }
}
