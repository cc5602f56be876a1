package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** KEDA was there, has put its finalizers on its objects, and is gone. The test plays the part of the one that was there. */
@ExtendWith(ApiServer.class)
@Tag(ApiServer.TIME)
class AbandonedScalingApiTest {
    /** A minute until KEDA counts as gone, and what a deletion takes besides. */
    private static final Duration LIMIT = Waiting.LONG;

    private final Namespace ns;

    AbandonedScalingApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    private Cluster scaled(String name) {
        Cluster cluster = ns.apply(Manifest.cluster(name)
                        .noTls()
                        .spec("scaling", Map.of("enabled", true, "connectionThreshold", 100)))
                .awaitPhase("Running");
        hold("scaledobject", name + "-scaledobject");
        hold("triggerauthentication", name + "-pg-auth");
        return cluster;
    }

    private void hold(String type, String name) {
        ns.kubectl("patch", type, name, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":[\"finalizer.keda.sh\"]}}")
                .orThrow();
    }

    @Test
    void theClusterGoesAllTheSame() {
        Cluster cluster = scaled("orphan");
        ns.kubectl("delete", "pgc", "orphan", "--wait=false").orThrow();
        cluster.awaitEvent("KedaFinalizerRemoved");
        cluster.awaitGone(LIMIT);
        for (String object :
                new String[] {"scaledobject/orphan-scaledobject", "triggerauthentication/orphan-pg-auth"}) {
            String[] parts = object.split("/", 2);
            Waiting.until(object + " is gone", LIMIT, () -> ns.get(parts[0], parts[1]), JsonNode::isMissingNode);
        }
    }

    @Test
    void switchingOffEnds() {
        Cluster cluster = scaled("former");
        cluster.patch("{\"spec\":{\"scaling\":{\"enabled\":false}}}");
        Waiting.until(
                "the ScaledObject is gone",
                LIMIT,
                () -> ns.get("scaledobject", "former-scaledobject"),
                JsonNode::isMissingNode);
        cluster.awaitEvent("KedaFinalizerRemoved");
        cluster.awaitPhase("Running");
    }

    @Test
    void theNamespaceGoes() {
        scaled("doomed");
        ns.lose();
        assertThat(ns.list("scaledobject", Project.GROUP + "/cluster=doomed")).isEmpty();
    }
}
