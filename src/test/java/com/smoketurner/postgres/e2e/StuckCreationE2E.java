package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Creations that can not succeed say why, in the words of whoever knows; the ten minutes are shortened for it. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the operator's patience is changed")
@Tag(Alone.NODES)
class StuckCreationE2E {
    private final Namespace ns;
    private final Operator operator;
    private final String storageClass;

    StuckCreationE2E(Namespace ns) {
        this.ns = ns;
        this.operator = new Operator(ns.lab(), ns.client());
        this.storageClass = "later-" + ns.name();
    }

    @BeforeAll
    void create() {
        // Time enough on a busy machine for a certificate: whatever is missing then is told as the cause.
        operator.set("POSTGRES_OPERATOR_CREATION_TIMEOUT=45s");
        ns.apply(Manifest.cluster("noclass").with(storageClass, "spec", "storage", "storageClass"));
        ns.apply(Manifest.cluster("toobig").with("500", "spec", "resources", "requests", "cpu"));
        ns.apply(Manifest.cluster("noimage").spec("image", "ghcr.io/smoketurner/no-such-image:0"));
    }

    @AfterAll
    void restore() {
        ns.client().storage().v1().storageClasses().withName(storageClass).delete();
        operator.set("POSTGRES_OPERATOR_CREATION_TIMEOUT-");
    }

    private Cluster failed(String name, String... said) {
        Cluster cluster = ns.cluster(name).awaitPhase("Failed");
        Waiting.untilAsserted("the cause is told", Waiting.SHORT, () -> {
            assertThat(cluster.awaitCondition("Ready", "False", "CreatingTimeout")
                            .message())
                    .contains(said);
            assertThat(cluster.status().path("lastError").asText()).contains(said);
        });
        assertThat(cluster.awaitEvent("CreatingTimeout").getMessage()).contains(said);
        return cluster;
    }

    @Test
    @Acceptance(32)
    @BadInput(40)
    void missingStorageClassAndItsArrival() {
        Cluster cluster = failed("noclass", "data-noclass-0", storageClass);
        JsonNode like = ns.get("storageclass", "fast-ssd");
        ns.apply("""
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: %s}
                provisioner: %s
                volumeBindingMode: %s
                """.formatted(
                        storageClass,
                        like.path("provisioner").asText(),
                        like.path("volumeBindingMode").asText("Immediate")));
        cluster.awaitPhase("Running");
        assertThat(cluster.status().has("lastError")).isFalse();
    }

    @Test
    @Acceptance(33)
    @BadInput(39)
    void requestThatNoNodeCanMeet() {
        failed("toobig", "toobig-0", "nodes are available", "Insufficient cpu");
    }

    @Test
    @Acceptance(33)
    @BadInput(41)
    void imageThatCanNotBePulled() {
        failed("noimage", "noimage-0", "ghcr.io/smoketurner/no-such-image:0");
        assertThat(List.of("ErrImagePull", "ImagePullBackOff"))
                .anySatisfy(reason -> assertThat(
                                ns.cluster("noimage").status().path("lastError").asText())
                        .contains(reason));
    }
}
