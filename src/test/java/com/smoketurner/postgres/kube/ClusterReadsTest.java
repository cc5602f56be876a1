package com.smoketurner.postgres.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.kube.ClusterReads.Read;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class ClusterReadsTest {

    @Test
    void whoWatchesAllMayReadAll() {
        ClusterReads reads = ClusterReads.all();
        assertThat(Read.values()).allMatch(reads::allowed);
        assertThat(reads.clustersOf("anywhere")).isTrue();
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(ClusterReads.lost(EnumSet.allOf(Read.class))).isEmpty();
        assertThat(ClusterReads.lost(EnumSet.complementOf(EnumSet.of(Read.NODES))))
                .singleElement()
                .asString()
                .startsWith("nodes (a primary on a cordoned node");
        assertThat(ClusterReads.lost(EnumSet.noneOf(Read.class))).hasSize(Read.values().length);
    }
}
