package com.smoketurner.postgres.testing.junit;

import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A namespace for each test class on a Kubernetes that all classes share. Tests take the {@link Namespace}, the
 * administrator's {@link KubernetesClient} or the {@link Lab} as parameter.
 */
public abstract sealed class KubernetesExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver
        permits ApiServer, EndToEnd {
    private static final ExtensionContext.Namespace STORE =
            ExtensionContext.Namespace.create(KubernetesExtension.class);

    /** Where the tests run; the first call starts it. */
    abstract Lab lab();

    /** The administrator's client; the first call installs what the project ships. */
    abstract KubernetesClient administrator();

    @Override
    public final void beforeAll(ExtensionContext context) {
        namespace(context);
    }

    @Override
    public final void afterAll(ExtensionContext context) {
        namespace(context).delete();
    }

    @Override
    public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Namespace.class || type == KubernetesClient.class || type == Lab.class;
    }

    @Override
    public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Lab.class) {
            return lab();
        }
        return type == Namespace.class ? namespace(context) : administrator();
    }

    private Namespace namespace(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        return context.getStore(STORE)
                .computeIfAbsent(
                        test,
                        t -> Namespace.create(lab(), administrator(), test.getSimpleName(), Map.of()),
                        Namespace.class);
    }
}
