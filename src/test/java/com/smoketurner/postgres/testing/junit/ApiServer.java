package com.smoketurner.postgres.testing.junit;

import com.smoketurner.postgres.testing.Once;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.Installation;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.standin.StandInMembers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real API server with the controllers of Kubernetes but without nodes, the project's CRDs, roles and policies in
 * it. A test that needs the operator gets it by {@link #operator(Map)}.
 */
public final class ApiServer extends KubernetesExtension {
    /** What mostly waits for time to pass. {@code scripts/parts} gives what has this tag an API server of its own. */
    public static final String TIME = "time";

    /** What starts operators of its own, likewise. */
    public static final String STARTS = "starts";

    private static final Object LOCK = new Object();

    private static final Once<KubernetesClient> CLIENT = new Once<>(ApiServer::install);

    private static @Nullable OperatorProcess operator;
    private static @Nullable StandInMembers members;
    private static Map<String, String> operatorEnv = Map.of();

    private static KubernetesClient install() {
        var client = Lab.controlPlane().newClient();
        Installation.withoutDeployment(client);
        Lab.controlPlane()
                .kubectl(Installation.ISSUER, List.of("apply", "-f", "-"))
                .orThrow();
        return client;
    }

    /** The administrator's client; the first call boots the API server and installs. */
    public static KubernetesClient client() {
        return CLIENT.get();
    }

    /**
     * The operator as a local process with this additional environment, and the stand-in that plays kubelet and
     * Patroni. One at a time: asking with another environment stops the former.
     */
    public static OperatorProcess operator(Map<String, String> env) {
        synchronized (LOCK) {
            if (members == null) {
                members = StandInMembers.start(client());
            }
            if (operator != null && operator.alive() && operatorEnv.equals(env)) {
                return operator;
            }
            stopOperator();
            operator = OperatorProcess.start(client(), members.options(env));
            operatorEnv = Map.copyOf(env);
            return operator;
        }
    }

    /** The operator as users run it. */
    public static OperatorProcess operator() {
        return operator(Map.of());
    }

    /** Ends the operator, where one runs, in good order. */
    public static void stopOperator() {
        synchronized (LOCK) {
            if (operator != null) {
                operator.terminate();
                operator.exitCode(Waiting.SHORT);
                operator = null;
            }
        }
    }

    /** What plays kubelet and Patroni while the operator runs, with whatever environment it was asked for last. */
    public static StandInMembers members() {
        synchronized (LOCK) {
            operator(operatorEnv);
            return java.util.Objects.requireNonNull(members);
        }
    }

    @Override
    Lab lab() {
        return Lab.controlPlane();
    }

    @Override
    KubernetesClient administrator() {
        return client();
    }
}
