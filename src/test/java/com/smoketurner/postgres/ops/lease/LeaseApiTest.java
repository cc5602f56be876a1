package com.smoketurner.postgres.ops.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smoketurner.postgres.ops.lease.LeaseStore.LeaseConflict;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API server keeps what {@link LeaseCandidate} relies on. */
@ExtendWith(ApiServer.class)
@Tag(ApiServer.TIME)
class LeaseApiTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");

    @Test
    void everyWriteReplacesExactlyOneVersion(Namespace ns, KubernetesClient client) {
        var store = new ApiLease(client, ns.name());
        assertThat(store.read()).isEmpty();

        LeaseRecord created = store.create(new LeaseRecord("a", 15, NOW, NOW, 0, null));
        assertThat(store.read()).contains(created);
        assertThat(created.holder()).isEqualTo("a");
        assertThat(created.renewed()).isEqualTo(NOW);
        assertThatThrownBy(() -> store.create(new LeaseRecord("b", 15, NOW, NOW, 0, null)))
                .isInstanceOf(LeaseConflict.class);

        LeaseRecord renewed = store.update(created.renewedAt(NOW.plusSeconds(5)));
        assertThat(renewed.version()).isNotEqualTo(created.version());
        assertThatThrownBy(() -> store.update(created.takenBy("b", 15, NOW))).isInstanceOf(LeaseConflict.class);

        LeaseRecord alive = store.renew(created.renewedAt(NOW.plusSeconds(6)));
        assertThat(alive.renewed()).as("whatever the version").isEqualTo(NOW.plusSeconds(6));
        assertThat(alive.acquired()).isEqualTo(NOW);
        assertThatThrownBy(() -> store.renew(new LeaseRecord("b", 15, NOW, NOW, 0, alive.version())))
                .isInstanceOf(LeaseConflict.class);
        assertThat(store.read()).contains(alive);

        LeaseRecord released = store.update(alive.released(NOW.plusSeconds(7)));
        assertThat(released.free()).isTrue();
        assertThat(store.update(released.takenBy("b", 15, NOW)).transitions()).isEqualTo(1);

        client.leases().inNamespace(ns.name()).withName(ApiLease.NAME).delete();
        assertThatThrownBy(() -> store.renew(alive)).as("it is gone").isInstanceOf(LeaseConflict.class);
    }
}
