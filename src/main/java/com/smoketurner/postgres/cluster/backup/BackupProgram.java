package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.kube.exec.PodExec;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The program {@code backup} in the pod of a member (src/main/resources/scripts/backup). */
@Singleton
final class BackupProgram {

    /** Another job runs in that pod. */
    static final int BUSY = 16;

    /** The pod does not have the settings of that revision yet. */
    static final int OUTDATED = RepositoryQuestions.OUTDATED;

    private static final Duration SHORT = Duration.ofSeconds(20);

    /** An object store may take its time; nothing waits for this call but the answer. */
    private static final Duration LONG = Duration.ofMinutes(3);

    /** A repository of some thousand backups. */
    private static final int LISTING = 8 * 1024 * 1024;

    private final PodExec exec;

    BackupProgram(PodExec exec) {
        this.exec = exec;
    }

    /**
     * Starts a job, which goes on without this call. A job of this name that exists already is not started again.
     *
     * @param names the backups to delete; empty for a job that takes one
     * @param revision of the settings that the job is to use
     */
    PodExec.Result start(String namespace, String pod, String id, String type, List<String> names, String revision) {
        List<String> command =
                new ArrayList<>(List.of("backup", "start", "--id", id, "--type", type, "--revision", revision));
        if (!names.isEmpty()) {
            command.addAll(List.of("--names", String.join(",", names)));
        }
        return exec.run(namespace, pod, Member.CONTAINER, "", SHORT, command.toArray(String[]::new));
    }

    /**
     * What is in the repository, as JSON.
     *
     * @param revision of the settings that say where it is
     */
    PodExec.Result list(String namespace, String pod, String revision) {
        return exec.run(namespace, pod, Member.CONTAINER, "", LONG, LISTING, "backup", "list", "--revision", revision);
    }

    /**
     * Writes the marker that says whose the repository is.
     *
     * @param owner the marker, JSON on one line
     * @param revision of the settings that say where
     */
    PodExec.Result claim(String namespace, String pod, String owner, String revision) {
        return exec.run(
                namespace, pod, Member.CONTAINER, owner + "\n", SHORT, "backup", "claim", "--revision", revision);
    }
}
