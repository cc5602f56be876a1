package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SIGKILL to the operator at random moments of creations: whatever it had done by then, the cluster gets Running. */
@ExtendWith(EndToEnd.class)
@Alone("the operator is killed")
class OperatorCrashE2E {
    private static final int TIMES = Thorough.times(10, 4);
    private static final int SPREAD_MILLIS = 6000;

    private final Namespace ns;

    OperatorCrashE2E(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void clustersBecomeRunningAllTheSame() {
        long seed = System.nanoTime();
        System.out.println("moments of the crashes by seed " + seed);
        var random = new Random(seed);
        var operator = new Operator(ns.lab(), ns.client());
        var clusters = new ArrayList<Cluster>();
        for (int i = 0; i < TIMES; i++) {
            clusters.add(ns.apply(Manifest.cluster("crash-" + i).replicas(1 + i % 2)));
            // The moment is the point of this test; there is no condition to wait for.
            LockSupport.parkNanos(
                    Duration.ofMillis(random.nextInt(SPREAD_MILLIS)).toNanos());
            String dead = operator.pod().getMetadata().getName();
            operator.kill();
            Waiting.until(
                    "another operator leads",
                    Waiting.LONG,
                    operator::leaseHolder,
                    holder -> !holder.isEmpty() && !holder.equals(dead));
        }
        clusters.forEach(cluster -> cluster.awaitPhase("Running"));
    }

    @Test
    @Acceptance(192)
    void aRotationCompletesOnce() {
        Cluster cluster =
                ns.apply(Manifest.cluster("rotated").noTls().replicas(2)).awaitPhase("Running");
        String former = cluster.credential("password");
        var operator = new Operator(ns.lab(), ns.client());
        ns.kubectl("delete", "secret", "rotated-credentials").orThrow();
        Waiting.until(
                "the Secret is back",
                Waiting.SHORT,
                () -> ns.get("secret", "rotated-credentials"),
                secret -> !secret.isMissingNode());
        operator.kill();
        ClientPod client = ClientPod.start(ns, "client");
        String password = cluster.credential("password");
        assertThat(password).isNotEqualTo(former);
        client.awaitAnswer("host=rotated-primary user=postgres dbname=postgres", password, "SELECT 7", "7");
        Failover.awaitStreaming(cluster, 1);
        Waiting.until(
                "it is counted",
                Waiting.LONG,
                () -> cluster.status().at("/credentials/revision").asLong(),
                revision -> revision == 2);
        assertThat(cluster.credential("password")).isEqualTo(password);
        // More reconciliations change nothing.
        cluster.patch("{\"spec\":{\"postgresqlParams\":{\"work_mem\":\"11MB\"}}}");
        cluster.awaitEvent("ParametersApplied");
        assertThat(cluster.status().at("/credentials/revision").asLong()).isEqualTo(2);
    }
}
