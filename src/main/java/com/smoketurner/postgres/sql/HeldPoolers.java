package com.smoketurner.postgres.sql;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.InParallel;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.postgres.Bundled;
import com.smoketurner.postgres.postgres.PasswordFile;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Poolers while the password of a role changes. PgBouncer logs in to servers with what it has seen at the last login of a client of
 * that role: between the change and the next such login it would be refused, and the sessions that wait for it cut. So no server
 * connection is opened for sessions of that role until its own login with the new password, in each pod and each database, has
 * succeeded. A program in the pod does it, which lets go by itself whatever becomes of the operator.
 */
@Singleton
public final class HeldPoolers {

    public static final String CONTAINER = "pgbouncer";

    /** Longer than the program in the pod holds anything. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Nothing is held longer than that for one pod that does not answer. */
    private static final Duration HOLDING = Duration.ofSeconds(5);

    private static final Duration CANCELLING = Duration.ofSeconds(5);

    private static final String SCRIPT = Bundled.program("change-password");

    /** Other changes in the same pod go on. */
    private static final String CANCEL =
            "for work in /dev/shm /run/pgbouncer; do for change in \"$work/change-password.$1\".*; do"
                    + " [ ! -d \"$change\" ] || : >\"$change/cancel\"; done; done";

    private final AtomicLong changes = new AtomicLong();
    private final PodExec exec;
    private final MemberPods pods;

    public HeldPoolers(PodExec exec, MemberPods pods) {
        this.exec = exec;
        this.pods = pods;
    }

    /** Those that are held, until they let go by themselves. */
    public final class Held {
        private final String namespace;
        private final String id;
        private final List<String> names;
        private final List<Thread> threads;

        private Held(String namespace, String id, List<String> names, List<Thread> threads) {
            this.namespace = namespace;
            this.id = id;
            this.names = names;
            this.threads = threads;
        }

        /** Lets them go because the password does not change now. */
        public void cancel() {
            InParallel.ask(names, pod -> {
                try {
                    return exec.run(namespace, pod, CONTAINER, "", CANCELLING, "sh", "-c", CANCEL, "cancel", id)
                            .succeeded();
                } catch (KubernetesClientException e) {
                    Log.debugf("%s lets its clients wait for some seconds: %s", pod, e.getMessage());
                    return false;
                }
            });
        }

        /** Waits until they know the password, and have let go. */
        public void await() {
            try {
                for (Thread thread : threads) {
                    thread.join(TIMEOUT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Holds all pods of poolers that serve clients of a role, and returns when its password may change.
     *
     * @param cluster by whose name the pods are found
     */
    public Held hold(PostgresCluster cluster, String role, String password) {
        String namespace = cluster.getMetadata().getNamespace();
        String name = cluster.getMetadata().getName();
        List<String> names = cluster.getSpec().poolerEnabled()
                ? pods.running(namespace, Map.of(Labels.CLUSTER, name, Labels.POOLER, "true"))
                : List.of();
        var holding = new CountDownLatch(names.size());
        String id = Long.toHexString(changes.incrementAndGet());
        String input = "%s:%s\n".formatted(role, PasswordFile.field(password));
        List<Thread> threads = names.stream()
                .map(pod -> Thread.ofVirtual().start(() -> change(namespace, pod, id, role, input, holding)))
                .toList();
        try {
            if (!holding.await(HOLDING.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.warnf("not all poolers of %s/%s are held", namespace, name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Held(namespace, id, names, threads);
    }

    private void change(String namespace, String pod, String id, String role, String input, CountDownLatch holding) {
        var counted = new AtomicBoolean();
        Runnable count = () -> {
            if (!counted.getAndSet(true)) {
                holding.countDown();
            }
        };
        try {
            PodExec.Result result = exec.run(
                    namespace,
                    pod,
                    CONTAINER,
                    input,
                    TIMEOUT,
                    line -> count.run(),
                    "sh",
                    "-c",
                    SCRIPT,
                    "change-password",
                    role,
                    id);
            if (result.succeeded() && result.output().endsWith("known\n")) {
                Log.infof(
                        "pooler pod %s/%s has the new password: %s",
                        namespace, pod, result.output().strip().replace('\n', ' '));
            } else {
                Log.warnf(
                        "pooler pod %s/%s may cut sessions that were opened before the password changed: %s %s",
                        namespace,
                        pod,
                        result.output().strip().replace('\n', ' '),
                        result.error().strip());
            }
        } catch (KubernetesClientException e) {
            Log.warnf(
                    "pooler pod %s/%s may cut sessions that were opened before the password changed: %s",
                    namespace, pod, e.getMessage());
        } finally {
            count.run();
        }
    }
}
