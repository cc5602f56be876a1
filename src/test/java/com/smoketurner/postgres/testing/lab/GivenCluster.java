package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cluster of {@code E2E_KUBECONFIG}: somebody else's, so its nodes and images are left alone. */
record GivenCluster(Path kubeconfig) implements Lab {

    static GivenCluster fromEnvironment() {
        String file = Project.env("E2E_KUBECONFIG");
        if (file == null) {
            throw new IllegalStateException("E2E_KUBECONFIG is not set: give it the kubeconfig of an administrator");
        }
        return new GivenCluster(Path.of(file));
    }

    @Override
    public String description() {
        return "the cluster of " + kubeconfig;
    }

    @Override
    public Command.Result kubectl(String stdin, List<String> args) {
        return kubectl(kubeconfig, stdin, args);
    }

    static Command.Result kubectl(Path kubeconfig, String stdin, List<String> args) {
        var argv = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        argv.addAll(args);
        return Command.of(argv).reading(stdin).run();
    }

    @Override
    public void load(Path image) {
        System.out.println(
                "the nodes of a given cluster must find " + image.getFileName() + " in a registry themselves");
    }

    @Override
    public void dump(Path folder) {
        dump(this, folder);
    }

    /** What kubectl alone can tell. */
    static void dump(Lab lab, Path folder) {
        Project.directory(folder);
        write(
                folder.resolve("objects.yaml"),
                lab.kubectl("", List.of("get", "-A", "-o", "yaml", "all,pgc,pvc,endpoints")));
        write(folder.resolve("events.txt"), lab.kubectl("", List.of("get", "-A", "events")));
        write(
                folder.resolve("operator.log"),
                lab.kubectl("", List.of("logs", "-n", Project.OPERATOR_NAMESPACE, "deploy/" + Project.OPERATOR)));
    }

    private static void write(Path file, Command.Result result) {
        try {
            Files.writeString(file, result.all());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path auditLog() {
        String file = Project.env("E2E_AUDIT_LOG");
        if (file == null) {
            throw new IllegalStateException(
                    "the audit log of a given cluster is not known: set E2E_AUDIT_LOG, or run with E2E_CLUSTER=lab");
        }
        return Path.of(file);
    }

    @Override
    public void freeze(String node) {
        throw new UnsupportedOperationException("nodes of a given cluster are not frozen: run with E2E_CLUSTER=lab");
    }

    @Override
    public void thaw(String node) {
        throw new UnsupportedOperationException("nodes of a given cluster are not frozen: run with E2E_CLUSTER=lab");
    }
}
