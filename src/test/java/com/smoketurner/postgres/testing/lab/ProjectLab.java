package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The lab of this project, through its own command line tool. It is left running, so that the next run is quick;
 * {@code scripts/test} takes down what it started.
 */
record ProjectLab(String instance, boolean controlPlaneOnly, Path kubeconfig) implements Lab {
    private static final Duration BOOT = Duration.ofMinutes(40);

    static Path tool() {
        return Path.of(
                Project.env("E2E_LAB_TOOL", Project.root().resolve("lab/lab").toString()));
    }

    /** Boots the lab of the tests, or finds it running; without nodes it is the control plane alone. */
    static ProjectLab up(int nodes) {
        String instance = Project.env("E2E_LAB_INSTANCE", "test-" + Project.fingerprint());
        boolean alone = nodes == 0;
        var up = new ArrayList<>(List.of("up"));
        String kubernetes = Project.env("E2E_KUBERNETES");
        if (kubernetes != null) {
            up.addAll(List.of("--kubernetes", kubernetes));
        }
        if (!alone) {
            up.addAll(List.of("--nodes", Integer.toString(nodes)));
        }
        command(instance, alone, up).within(BOOT).output();
        if (!alone) {
            command(instance, false, List.of("wait")).within(BOOT).output();
        }
        String kubeconfig =
                command(instance, alone, List.of("kubeconfig", "--path")).output();
        return new ProjectLab(instance, alone, Path.of(kubeconfig.strip()));
    }

    @Override
    public String description() {
        String down = controlPlaneOnly ? "--control-plane-only down" : "down";
        return "the project's lab (LAB_INSTANCE=" + instance + " lab/lab " + down + " stops it)";
    }

    @Override
    public Command.Result kubectl(String stdin, List<String> args) {
        var all = new ArrayList<>(List.of("kubectl"));
        all.addAll(args);
        return command(all).reading(stdin).within(Duration.ofMinutes(5)).run();
    }

    @Override
    public void load(Path image) {
        command(List.of("load", image.toString())).within(Duration.ofMinutes(5)).output();
    }

    @Override
    public void dump(Path folder) {
        command(List.of("dump", folder.toString()))
                .within(Duration.ofMinutes(5))
                .output();
    }

    @Override
    public Path auditLog() {
        return Path.of(command(List.of("audit-log")).output().strip());
    }

    @Override
    public void freeze(String node) {
        node("freeze", node);
    }

    @Override
    public void thaw(String node) {
        node("thaw", node);
    }

    @Override
    public void cutFromApiServer(String node) {
        command(List.of("cut", "node", number(node), "--from", "api")).output();
    }

    @Override
    public void reconnect(String node) {
        command(List.of("heal", "node", number(node), "--from", "api")).output();
    }

    @Override
    public void cutFromApiServer(Pod pod) {
        command(List.of("cut", "pod", address(pod), "--from", "api")).output();
    }

    @Override
    public void cutFromPeers(Pod pod) {
        command(List.of("cut", "pod", address(pod), "--from", "peers")).output();
    }

    @Override
    public void reconnect(Pod pod) {
        command(List.of("heal", "pod", address(pod))).output();
    }

    private static String address(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private static String number(String node) {
        return node.replaceFirst("^node", "");
    }

    /** The lab's processes are ordinary ones of this machine; the container's id is in the names of their cgroups. */
    @Override
    public List<Long> processes(Pod pod, String container) {
        String id = pod.getStatus().getContainerStatuses().stream()
                .filter(c -> c.getName().equals(container))
                .map(c -> String.valueOf(c.getContainerID()).replaceFirst(".*/", ""))
                .findFirst()
                .orElseThrow();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> inCgroup(pid, id))
                .toList();
    }

    private static boolean inCgroup(long pid, String id) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cgroup"))
                    .contains(id);
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private void node(String what, String name) {
        command(List.of("node", what, number(name))).output();
    }

    private Command command(List<String> args) {
        return command(instance, controlPlaneOnly, args);
    }

    private static Command command(String instance, boolean controlPlaneOnly, List<String> args) {
        var argv = new ArrayList<>(List.of(tool().toString()));
        if (controlPlaneOnly) {
            argv.add("--control-plane-only");
        }
        argv.addAll(args);
        return Command.of(argv).with("LAB_INSTANCE", instance);
    }
}
