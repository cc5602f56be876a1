package com.smoketurner.postgres.kube.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompressedStoreTest {

    private final KubernetesSerialization json = new KubernetesSerialization();

    private static ObjectMeta named(String name) {
        return new ObjectMetaBuilder()
                .withNamespace("ns")
                .withName(name)
                .withResourceVersion("7")
                .withManagedFields(
                        new ManagedFieldsEntryBuilder().withManager("kubectl").build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager(ApiGroup.FIELD_MANAGER)
                                .withNewFieldsV1()
                                .addToAdditionalProperties("f:data", Map.of("f:key", Map.of()))
                                .endFieldsV1()
                                .build())
                .build();
    }

    /** What is kept of a Secret, which is emptied when it is put. */
    private static Secret kept(Secret secret) {
        return CachePruner.keep(new SecretBuilder(secret).build());
    }

    @Test
    void whatIsPutIsThereButForTheFieldsOfOthers() {
        var store = new CompressedStore<>(Secret.class, json, new AtomicReference<>());
        var secret = new SecretBuilder()
                .withMetadata(named("a"))
                .withData(Map.of("key", "dsOkw7ZuZw==", "umlaut", "ü"))
                .build();
        Secret kept = kept(secret);
        assertThat(store.put(store.getKey(secret), secret)).isNull();
        Secret found = Objects.requireNonNull(store.get("ns/a"));
        assertThat(found).isEqualTo(kept);
        assertThat(secret.getData()).as("what is told of").isEmpty();
        assertThat(store.getKey(secret)).isEqualTo("ns/a");
        assertThat(found.getMetadata().getManagedFields())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getManager()).isEqualTo(ApiGroup.FIELD_MANAGER));
    }

    @Test
    void aMatchIsRememberedUntilThereIsAnotherVersion() {
        var store = new CompressedStore<>(Secret.class, json, new AtomicReference<>());
        Secret secret = new SecretBuilder().withMetadata(named("a")).build();
        store.put("ns/a", secret);
        assertThat(store.matched("ns/a", "wanted")).isFalse();
        store.noteMatch("ns/a", "6", "wanted");
        assertThat(store.matched("ns/a", "wanted"))
                .as("another version matched")
                .isFalse();
        store.noteMatch("ns/a", "7", "wanted");
        assertThat(store.matched("ns/a", "wanted")).isTrue();
        assertThat(store.matched("ns/a", "wanted differently")).isFalse();
        store.put("ns/a", secret);
        assertThat(store.matched("ns/a", "wanted")).as("put again").isFalse();
        store.noteMatch("ns/a", "7", "wanted");
        store.forgetMatch("ns/a");
        assertThat(store.matched("ns/a", "wanted")).as("written").isFalse();
        store.noteMatch("ns/a", "7", "wanted");
        store.remove("ns/a");
        assertThat(store.matched("ns/a", "wanted")).as("deleted").isFalse();
    }

    @Test
    void theFormerObjectIsTold() {
        var store = new CompressedStore<>(Secret.class, json, new AtomicReference<>());
        Secret first =
                new SecretBuilder().withMetadata(named("a")).withType("one").build();
        Secret second =
                new SecretBuilder().withMetadata(named("a")).withType("two").build();
        Secret one = kept(first);
        Secret two = kept(second);
        store.put("ns/a", first);
        assertThat(store.put("ns/a", second)).isEqualTo(one);
        assertThat(store.get("ns/a")).isEqualTo(two);
        assertThat(store.remove("ns/a")).isEqualTo(two);
        assertThat(store.remove("ns/a")).isNull();
        assertThat(store.get("ns/a")).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void allAtOnceAreTheirMetadataAlone() {
        var store = new CompressedStore<>(Secret.class, json, new AtomicReference<>());
        for (String name : new String[] {"a", "b"}) {
            ObjectMeta metadata = named(name);
            metadata.setLabels(Map.of("owner", name));
            store.put(
                    "ns/" + name,
                    new SecretBuilder()
                            .withMetadata(metadata)
                            .withData(Map.of("key", "dsOkw7ZuZw=="))
                            .build());
        }
        assertThat(store.values()).hasSize(2).allSatisfy(secret -> {
            assertThat(store.getKey(secret))
                    .isEqualTo("ns/" + secret.getMetadata().getName());
            assertThat(secret.getMetadata().getLabels())
                    .isEqualTo(Map.of("owner", secret.getMetadata().getName()));
            assertThat(secret.getKind()).isEqualTo("Secret");
            assertThat(secret.getData()).isEmpty();
            assertThat(secret.getMetadata().getManagedFields()).isEmpty();
        });
    }

    @Test
    void oneIsUnlikeTheOthers() {
        var store = new CompressedStore<>(Secret.class, json, new AtomicReference<>());
        var large = "0123456789abcdef".repeat(10_000);
        Secret first = new SecretBuilder()
                .withMetadata(named("a"))
                .withData(Map.of("key", large))
                .build();
        Secret second =
                new SecretBuilder().withMetadata(named("b")).withType("two").build();
        Secret one = kept(first);
        Secret two = kept(second);
        store.put("ns/a", first);
        store.put("ns/b", second);
        assertThat(store.get("ns/a")).isEqualTo(one);
        assertThat(store.get("ns/b")).isEqualTo(two);
        store.remove("ns/a");
        assertThat(store.get("ns/b")).as("without the first, the pattern").isEqualTo(two);
    }

    @Test
    void kindsWithoutAModel() {
        var store = new CompressedStore<>(GenericKubernetesResource.class, json, new AtomicReference<>());
        var certificate = new GenericKubernetesResourceBuilder()
                .withApiVersion("cert-manager.io/v1")
                .withKind("Certificate")
                .withMetadata(named("tls"))
                .addToAdditionalProperties("spec", Map.of("secretName", "tls", "privateKey", Map.of("size", 4096)))
                .build();
        GenericKubernetesResource kept = CachePruner.keep(new GenericKubernetesResourceBuilder(certificate).build());
        store.put("ns/tls", certificate);
        assertThat(store.get("ns/tls")).isEqualTo(kept);
        assertThat(certificate.getAdditionalProperties()).isEmpty();
        assertThat(store.keySet()).containsExactly("ns/tls");
    }

    /** As many namespaces as are watched have a store each for the objects of a kind. */
    @Test
    void storesOfOneKindShareTheirPattern() {
        AtomicReference<byte @Nullable []> pattern = new AtomicReference<>();
        var one = new CompressedStore<>(Secret.class, json, pattern);
        var two = new CompressedStore<>(Secret.class, json, pattern);
        var secret = new SecretBuilder()
                .withMetadata(named("a"))
                .withData(Map.of("key", "dsOkw7ZuZw=="))
                .build();
        Secret kept = kept(secret);
        one.put("ns/a", new SecretBuilder(secret).build());
        byte @Nullable [] first = pattern.get();
        two.put("ns/b", new SecretBuilder(secret).build());
        assertThat(pattern.get()).isSameAs(first);
        assertThat(one.get("ns/a")).isEqualTo(kept);
        assertThat(two.get("ns/b")).isEqualTo(kept);
        assertThat(two.keySet()).as("what another store has is not in this one").containsExactly("ns/b");
    }
}
