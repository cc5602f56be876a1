package com.smoketurner.postgres.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ApiServer.class)
class AnnotationWriterApiTest {
    private static final String KEY = "example.com/asked-for";

    private final Namespace ns;
    private final KubernetesClient client;
    private final AnnotationWriter notes;

    AnnotationWriterApiTest(Namespace ns, KubernetesClient client) {
        this.ns = ns;
        this.client = client;
        this.notes = new AnnotationWriter(client);
    }

    private ConfigMap object(String name, Map<String, String> annotations) {
        return client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(ns.name())
                        .withName(name)
                        .withAnnotations(annotations)
                        .endMetadata()
                        .build())
                .create();
    }

    private static Map<String, @Nullable String> change(@Nullable String value) {
        Map<String, @Nullable String> change = new HashMap<>();
        change.put(KEY, value);
        return change;
    }

    private ConfigMap live(ConfigMap object) {
        return client.resource(object).get();
    }

    private static String version(ConfigMap object) {
        return object.getMetadata().getResourceVersion();
    }

    @Test
    void aNoteIsWrittenAndTakenOff() {
        ConfigMap bare = object("bare", Map.of());
        assertThat(notes.change(bare, change("a"))).isTrue();
        assertThat(live(bare).getMetadata().getAnnotations()).isEqualTo(Map.of(KEY, "a"));
        assertThat(notes.change(live(bare), change("b"))).isTrue();
        assertThat(live(bare).getMetadata().getAnnotations()).isEqualTo(Map.of(KEY, "b"));
        assertThat(notes.change(live(bare), change(null))).isTrue();
        assertThat(live(bare).getMetadata().getAnnotations()).isEmpty();
    }

    @Test
    void whatIsWrittenAlreadyIsNotWrittenFromAnOldView() {
        ConfigMap seen = object("seen", Map.of("other", "x"));
        assertThat(notes.change(seen, change("a"))).isTrue();
        String written = version(live(seen));
        assertThat(notes.change(seen, change("a"))).isFalse();
        assertThat(version(live(seen))).isEqualTo(written);
    }

    @Test
    void annotationsThatHaveComeSinceAreKept() {
        ConfigMap seen = object("since", Map.of());
        notes.change(seen, Map.of("other", "x"));
        assertThat(notes.change(seen, change("a"))).isFalse();
        assertThat(live(seen).getMetadata().getAnnotations()).isEqualTo(Map.of("other", "x"));
    }

    @Test
    void takingOffWhatIsNotThereWritesNothing() {
        ConfigMap bare = object("none", Map.of());
        assertThat(notes.change(bare, change(null))).isTrue();
        ConfigMap other = object("none-of-it", Map.of("other", "x"));
        assertThat(notes.change(other, change(null))).isTrue();
        assertThat(version(live(bare))).isEqualTo(version(bare));
        assertThat(version(live(other))).isEqualTo(version(other));
    }
}
