package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.InParallel;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.postgres.Bundled;
import com.smoketurner.postgres.postgres.PasswordFile;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a change of passwords does in the members, before and after the server has been given them. Patroni in each member logs in by
 * files: they have the new passwords before the server knows them, and Patroni reads them when it does. So a replica that loses its
 * connection meanwhile is refused for a moment only.
 */
@Singleton
final class StagedPasswords {

    /** The kubelet writes what it has when the pod changes: its watch of the Secret may be a moment behind. */
    private static final int ROUNDS = 2;

    private static final Duration TIMEOUT = Duration.ofSeconds(13);

    private static final String AWAIT = Bundled.program("await-file");
    private static final String SECRETS = "/etc/patroni/20-secrets.yml";
    private static final String RELOAD = Bundled.program("reload-passwords");

    private final PodExec exec;
    private final MemberPods pods;
    private final Clock clock;

    StagedPasswords(PodExec exec, MemberPods pods, Clock clock) {
        this.exec = exec;
        this.pods = pods;
        this.clock = clock;
    }

    /**
     * Has the kubelets write the new file into all members at once, and waits until it is there, some seconds at most.
     *
     * @param digest of the file
     * @return members that do not have it
     */
    List<Member> write(ClusterRun run, String digest) {
        List<Member> without = running(run);
        for (int round = 0; round < ROUNDS && !without.isEmpty(); round++) {
            Map<String, String> note =
                    Map.of(Annotations.PASSWORDS_CHANGED, clock.instant().toString());
            without.forEach(member -> pods.mark(run.applier(), run.namespace(), member.name(), Map.of(), note));
            without = failing(without, member -> ran(run, member, digest, AWAIT, "await-file", SECRETS, "true"));
        }
        return without;
    }

    /**
     * Has Patroni read its files in all members at once, and waits until replicas log in with the new password.
     *
     * @return members that do not
     */
    List<Member> reload(ClusterRun run, Passwords passwords) {
        String replication = PasswordFile.field(passwords.replication());
        List<Member> replicasFirst = new ArrayList<>(running(run));
        replicasFirst.sort((a, b) -> Boolean.compare(b.replica(), a.replica()));
        return failing(
                replicasFirst,
                member -> ran(run, member, member.replica() && !member.cloning() ? replication : "", RELOAD));
    }

    /** One that is not Ready reads the files when it starts, or is asked in vain. */
    private static List<Member> running(ClusterRun run) {
        return run.observed().members().stream()
                .filter(member -> member.ready() && !member.terminating())
                .toList();
    }

    private static List<Member> failing(List<Member> members, Predicate<Member> request) {
        return InParallel.ask(members, request::test).entrySet().stream()
                .filter(answer -> !answer.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean ran(ClusterRun run, Member member, String input, String... script) {
        List<String> command = new ArrayList<>(List.of("sh", "-c"));
        command.addAll(List.of(script));
        try {
            return exec.run(
                            run.namespace(),
                            member.name(),
                            Member.CONTAINER,
                            input + "\n",
                            TIMEOUT,
                            command.toArray(String[]::new))
                    .succeeded();
        } catch (KubernetesClientException e) {
            Log.debugf("%s does not say whether it has the new passwords: %s", member.name(), e.getMessage());
            return false;
        }
    }
}
