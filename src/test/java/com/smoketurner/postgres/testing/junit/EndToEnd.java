package com.smoketurner.postgres.testing.junit;

import com.smoketurner.postgres.testing.Once;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.lab.Installation;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.observe.ChangeRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * A cluster with nodes on which the operator is installed from its shipped file, as its own image and under its own
 * ServiceAccount. A failed test leaves a dump of the cluster.
 */
public final class EndToEnd extends KubernetesExtension
        implements AfterTestExecutionCallback, LifecycleMethodExecutionExceptionHandler {
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
    Lab lab() {
        return Lab.withNodes();
    }

    @Override
    KubernetesClient administrator() {
        return client();
    }
}
