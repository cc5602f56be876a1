package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.Authorities;
import com.smoketurner.postgres.cluster.desired.Scripts;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.InParallel;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Fingerprint;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.postgres.Bundled;
import com.smoketurner.postgres.sql.HeldPoolers;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether all members and poolers have the authorities in force. While there are several, no certificate by a new one may be shown
 * before. What pods have is remembered only to spare them the question.
 */
@Singleton
final class DeliveredAuthorities implements Remembers {

    /** A pod that does not answer holds up no certificate for longer: the former one may be about to expire. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    private static final String AWAIT = Bundled.program("await-file");

    private static final List<String> MEMBER = List.of("/tls/ca.crt", "kill", "-HUP", "1");

    /** Without psql the main program of the pod does it some seconds later. */
    private static final List<String> POOLER = List.of(
            "/server-ca/ca.crt",
            "sh",
            "-c",
            Scripts.path("pooler")
                    + " settle; psql -wXqc RELOAD 'host=/run/pgbouncer port=6432 user=pgbouncer dbname=pgbouncer' || sleep 6");

    private final PodExec exec;
    private final MemberPods pods;
    private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

    DeliveredAuthorities(PodExec exec, MemberPods pods) {
        this.exec = exec;
        this.pods = pods;
    }

    /**
     * How far one bundle has come.
     *
     * @param pods those that have it, as they were started
     */
    private record Delivery(String digest, Instant since, Set<String> pods) {}

    /** One pod that has to have it. */
    private record Target(String pod, String identity, String container, List<String> command) {}

    /** Has the kubelets bring the bundle into all pods at once, and the programs in them read it. */
    boolean everywhere(ClusterRun run, Authorities authorities) {
        if (!authorities.several()) {
            return true; // It is the one that all pods were started with.
        }
        String digest = PodFile.digest(authorities.file());
        Delivery delivery = deliveries.compute(
                run.cluster().getMetadata().getUid(),
                (uid, known) -> known != null && known.digest().equals(digest)
                        ? known
                        : new Delivery(digest, run.now(), ConcurrentHashMap.newKeySet()));
        List<Target> without = targets(run).stream()
                .filter(target -> !delivery.pods().contains(target.identity()))
                .toList();
        Map<String, String> note = Map.of(Annotations.AUTHORITIES, Fingerprint.of(digest));
        without.forEach(target -> pods.mark(run.applier(), run.namespace(), target.pod(), Map.of(), note));
        boolean all = true;
        for (Map.Entry<Target, Boolean> answer :
                InParallel.ask(without, target -> has(run, target, digest)).entrySet()) {
            if (answer.getValue()) {
                delivery.pods().add(answer.getKey().identity());
            } else if (run.now().isBefore(delivery.since().plus(PATIENCE))) {
                all = false;
            } else {
                Log.warnf(
                        "%s does not say that it trusts the new authority",
                        answer.getKey().pod());
            }
        }
        return all;
    }

    @Override
    public void forget(PostgresCluster cluster) {
        deliveries.remove(cluster.getMetadata().getUid());
    }

    private List<Target> targets(ClusterRun run) {
        List<Target> targets = new ArrayList<>();
        run.observed().members().stream()
                .filter(member -> member.ready() && !member.terminating())
                .map(member -> new Target(member.name(), member.uid() + member.incarnation(), Member.CONTAINER, MEMBER))
                .forEach(targets::add);
        if (run.spec().poolerEnabled()) {
            pods.ready(run.namespace(), Map.of(Labels.CLUSTER, run.names().cluster(), Labels.POOLER, "true"))
                    .forEach(pod -> targets.add(new Target(pod, pod, HeldPoolers.CONTAINER, POOLER)));
        }
        return targets;
    }

    private boolean has(ClusterRun run, Target target, String digest) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", AWAIT, "await-file"));
        command.addAll(target.command());
        try {
            return exec.run(
                            run.namespace(),
                            target.pod(),
                            target.container(),
                            digest + "\n",
                            TIMEOUT,
                            command.toArray(String[]::new))
                    .succeeded();
        } catch (KubernetesClientException e) {
            Log.debugf("%s does not say which authorities it has: %s", target.pod(), e.getMessage());
            return false;
        }
    }
}
