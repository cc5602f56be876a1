package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** One node of k3s in a container; ends with this Java process. Enough for all but node failures and the audit log. */
record K3sLab(K3sContainer container, Path kubeconfig) implements Lab {
    static final String IMAGE = Project.env("E2E_K3S_IMAGE", "rancher/k3s:v1.35.4-k3s1");

    private static final String STORAGE_CLASS = """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: fast-ssd}
            provisioner: rancher.io/local-path
            volumeBindingMode: WaitForFirstConsumer
            """;

    @SuppressWarnings("resource") // Testcontainers' reaper ends it with this process
    static K3sLab start() {
        var container = new K3sContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("rancher/k3s"));
        container.start();
        try {
            Path file = Project.logs().resolve("k3s.kubeconfig");
            Files.writeString(file, container.getKubeConfigYaml());
            var lab = new K3sLab(container, file);
            lab.kubectl(STORAGE_CLASS, List.of("apply", "-f", "-")).orThrow();
            String certManager = Project.env("E2E_CERT_MANAGER");
            if (certManager != null) {
                lab.kubectl("", List.of("apply", "--server-side", "-f", certManager))
                        .orThrow();
            }
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String description() {
        return IMAGE + " in a container";
    }

    @Override
    public Command.Result kubectl(String stdin, List<String> args) {
        return GivenCluster.kubectl(kubeconfig, stdin, args);
    }

    @Override
    public void load(Path image) {
        String inside = "/tmp/" + image.getFileName();
        container.copyFileToContainer(MountableFile.forHostPath(image), inside);
        try {
            ExecResult result = container.execInContainer("ctr", "-n", "k8s.io", "images", "import", inside);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException("k3s does not take " + image + ": " + result.getStderr());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void dump(Path folder) {
        GivenCluster.dump(this, folder);
    }

    @Override
    public Path auditLog() {
        throw new UnsupportedOperationException("k3s keeps no audit log here: run with E2E_CLUSTER=lab");
    }

    @Override
    public void freeze(String node) {
        throw new UnsupportedOperationException("the one node of k3s can not be frozen: run with E2E_CLUSTER=lab");
    }

    @Override
    public void thaw(String node) {
        throw new UnsupportedOperationException("the one node of k3s can not be frozen: run with E2E_CLUSTER=lab");
    }
}
