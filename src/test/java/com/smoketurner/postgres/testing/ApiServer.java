package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real API server with the controllers of Kubernetes but without nodes, the project's CRDs, roles and policies in
 * it, and a namespace for each test class. Tests take a {@link Namespace}, a {@link KubernetesClient} or the
 * {@link Lab} as parameter. Who needs the operator asks {@link #operator(Map)} for it.
 */
public final class ApiServer implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    /** What mostly waits for time to pass. {@code scripts/test} gives what has this tag an API server of its own. */
    public static final String TIME = "time";

    /** What starts operators of its own, likewise. */
    public static final String STARTS = "starts";

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(ApiServer.class);
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
            if (operator != null) {
                operator.terminate();
                operator.exitCode(Waiting.SHORT);
            }
            operator = OperatorProcess.start(client(), members.options(env));
            operatorEnv = Map.copyOf(env);
            return operator;
        }
    }

    /** The operator as users run it. */
    public static OperatorProcess operator() {
        return operator(Map.of());
    }

    /** What plays kubelet and Patroni while the operator runs, with whatever environment it was asked for last. */
    public static StandInMembers members() {
        synchronized (LOCK) {
            operator(operatorEnv);
            return java.util.Objects.requireNonNull(members);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        namespace(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        namespace(context).delete();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Namespace.class || type == KubernetesClient.class || type == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Lab.class) {
            return Lab.controlPlane();
        }
        return type == Namespace.class ? namespace(context) : client();
    }

    private static Namespace namespace(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        return context.getStore(STORE)
                .computeIfAbsent(
                        test,
                        t -> Namespace.create(Lab.controlPlane(), client(), test.getSimpleName(), Map.of()),
                        Namespace.class);
    }
}
