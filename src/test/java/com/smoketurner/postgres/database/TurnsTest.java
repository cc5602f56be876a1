package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final ResourceID A = new ResourceID("a", "ns");
    private static final ResourceID B = new ResourceID("b", "ns");
    private static final ResourceID C = new ResourceID("c", "ns");

    private final Turns turns = new Turns();
    private final List<ResourceID> woken = new ArrayList<>();

    @BeforeEach
    void listen() {
        turns.wakeBy(woken::add);
    }

    @Test
    void oneAtATimeAndWhoWaitsIsWokenInOrder() {
        assertThat(turns.begin("cluster", A)).isTrue();
        assertThat(turns.begin("cluster", B)).isFalse();
        assertThat(turns.begin("cluster", C)).isFalse();
        turns.end("cluster");
        assertThat(woken).containsExactly(B);
        assertThat(turns.begin("cluster", B)).isTrue();
        turns.end("cluster");
        assertThat(woken).containsExactly(B, C);
    }

    @Test
    void otherClustersDoNotWait() {
        assertThat(turns.begin("one", A)).isTrue();
        assertThat(turns.begin("other", B)).isTrue();
    }

    @Test
    void whoIsWokenAndIsGoneHoldsUpNobody() {
        turns.begin("cluster", A);
        turns.begin("cluster", B);
        turns.end("cluster");
        assertThat(turns.begin("cluster", C)).isTrue();
    }
}
