package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A cluster with nodes on which the operator is installed from its shipped file, as its own image and under its own
 * ServiceAccount, with a namespace for each test class. A failed test leaves a dump of the cluster.
 */
public final class EndToEnd
        implements BeforeAllCallback,
                AfterAllCallback,
                AfterTestExecutionCallback,
                LifecycleMethodExecutionExceptionHandler,
                ParameterResolver {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(EndToEnd.class);
    private static final int MOST_DUMPS = 6;
    private static final AtomicInteger DUMPS = new AtomicInteger();
    private static final Once<Installed> INSTALLED = new Once<>(EndToEnd::install);

    private record Installed(KubernetesClient client, ChangeRecorder changes) {}

    private static Installed install() {
        var lab = Lab.withNodes();
        var client = lab.newClient();
        var changes = ChangeRecorder.start(client);
        Installation.complete(lab);
        changes.addOurs();
        return new Installed(client, changes);
    }

    /** The administrator's client; the first call boots the lab and installs. */
    public static KubernetesClient client() {
        return INSTALLED.get().client();
    }

    /** What changed in the API server since the installation began. */
    public static ChangeRecorder changes() {
        return INSTALLED.get().changes();
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
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException()
                .ifPresent(failure -> dump(
                        context.getRequiredTestClass().getSimpleName() + "."
                                + context.getRequiredTestMethod().getName(),
                        failure));
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable throwable)
            throws Throwable {
        dump(context.getRequiredTestClass().getSimpleName(), throwable);
        throw throwable;
    }

    /** Says what has failed in one line, for whoever has only the output of the run, and dumps the cluster. */
    private static void dump(String test, Throwable failure) {
        String what = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
        System.out.println("%s failed: %.2000s".formatted(test, what));
        if (DUMPS.incrementAndGet() > MOST_DUMPS) {
            return;
        }
        var folder = Project.logs().resolve(test);
        System.out.println(test + ": the cluster as it was then: " + folder);
        try {
            Lab.withNodes().dump(folder);
        } catch (RuntimeException e) {
            // The test's own failure is what has to be seen.
            System.out.println("no dump: " + e.getMessage());
        }
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
            return Lab.withNodes();
        }
        return type == Namespace.class ? namespace(context) : client();
    }

    private static Namespace namespace(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        return context.getStore(STORE)
                .computeIfAbsent(
                        test,
                        t -> Namespace.create(Lab.withNodes(), client(), test.getSimpleName(), Map.of()),
                        Namespace.class);
    }
}
