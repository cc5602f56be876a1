package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Once;
import com.smoketurner.postgres.testing.Project;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Supplier;

/** Chooses the kind of cluster, and keeps what was started for the whole Java process. */
final class Labs {
    static final Supplier<Lab> WITH_NODES = new Once<>(() -> choose(2));
    static final Supplier<Lab> CONTROL_PLANE = new Once<>(() -> choose(0));

    private Labs() {}

    private static Lab choose(int nodes) {
        String wanted = Project.env("E2E_CLUSTER", "auto");
        Lab lab = switch (wanted) {
            case "auto" -> automatic(nodes);
            case "kubeconfig" -> GivenCluster.fromEnvironment();
            case "k3s" -> K3sLab.start();
            case "lab" -> ProjectLab.up(nodes);
            default ->
                throw new IllegalStateException(
                        "E2E_CLUSTER=" + wanted + " is not known: use auto, kubeconfig, k3s or lab");
        };
        System.out.println("tests run on " + lab.description());
        return lab;
    }

    private static Lab automatic(int nodes) {
        if (Project.env("E2E_KUBECONFIG") != null) {
            return GivenCluster.fromEnvironment();
        }
        if (dockerHasK3s()) {
            return K3sLab.start();
        }
        if (!Files.isExecutable(ProjectLab.tool())) {
            throw new IllegalStateException(
                    "no Kubernetes to test on: E2E_KUBECONFIG is not set, Docker does not answer, and "
                            + ProjectLab.tool()
                            + " is not there. Set E2E_KUBECONFIG, start Docker, or use a complete checkout");
        }
        return ProjectLab.up(nodes);
    }

    /** Whether Docker answers and has the image or can pull it; where it can not, the lab takes over. */
    private static boolean dockerHasK3s() {
        try {
            var quick = Duration.ofSeconds(10);
            if (!Command.of("docker", "info").within(quick).run().ok()) {
                return false;
            }
            boolean there =
                    Command.of("docker", "image", "inspect", K3sLab.IMAGE).run().ok()
                            || Command.of("docker", "pull", K3sLab.IMAGE)
                                    .within(Duration.ofMinutes(5))
                                    .run()
                                    .ok();
            if (!there) {
                System.out.println("Docker answers but can not pull " + K3sLab.IMAGE + ": using the project's lab");
            }
            return there;
        } catch (java.io.UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }
}
