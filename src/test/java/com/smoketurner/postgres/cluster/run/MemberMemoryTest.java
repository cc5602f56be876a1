package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemberMemoryTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final MemberMemory<Integer> memory = new MemberMemory<>(Member::uid);

    private static ClusterView run(String cluster, int... ordinals) {
        var resource = Clusters.cluster();
        resource.getMetadata().setUid(cluster);
        List<Member> members = IntStream.of(ordinals)
                .mapToObj(ordinal -> Members.member(ordinal, false, true).build())
                .toList();
        return Runs.of(resource, NOW, "c-0", members);
    }

    private void count(ClusterView run) {
        run.observed().members().forEach(member -> memory.update(run, member, known -> known == null ? 1 : known + 1));
    }

    private @Nullable Integer known(ClusterView run, int index) {
        return memory.update(run, run.observed().members().get(index), known -> known);
    }

    @Test
    void whatIsKnownOfAMemberGoesWithIt() {
        count(run("a", 0, 1, 2));
        count(run("a", 0, 1, 2));
        assertThat(known(run("a", 0, 1, 2), 2)).isEqualTo(2);

        count(run("a", 0));

        assertThat(memory.size()).isEqualTo(1);
        assertThat(known(run("a", 0, 2), 0)).isEqualTo(3);
        assertThat(known(run("a", 0, 2), 1)).as("another of the same identity").isNull();
    }

    @Test
    void aClusterIsForgottenAlone() {
        ClusterView gone = run("a", 0, 1);
        count(gone);
        count(run("b", 0));

        memory.forget(gone.cluster());

        assertThat(memory.size()).isEqualTo(1);
        assertThat(known(run("b", 0), 0)).isEqualTo(1);
    }
}
