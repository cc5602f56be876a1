package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions;
import com.smoketurner.postgres.kube.exec.PodExec;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The program {@code backup} in the pod of a member (src/main/resources/scripts/backup). */
@Singleton
final class BackupProgram {

    /** Another job runs in that pod. */
    static final int BUSY = 16;

    /** The pod does not have the settings of that revision yet. */
    static final int OUTDATED = RepositoryQuestions.OUTDATED;

    /**
     * What is to be done.
     *
     * @param names the backups to delete; empty for a job that takes one
     * @param primary host name of the primary, for a backup that a replica takes
     */
    record Job(String id, String type, List<String> names, Optional<String> primary) {}

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
     * @param revision of the settings that the job is to use
     */
    PodExec.Result start(String namespace, String pod, Job job, String revision) {
        List<String> command = new ArrayList<>(
                List.of("backup", "start", "--id", job.id(), "--type", job.type(), "--revision", revision));
        if (!job.names().isEmpty()) {
            command.addAll(List.of("--names", String.join(",", job.names())));
        }
        job.primary().ifPresent(host -> command.addAll(List.of("--primary", host)));
        return exec.run(namespace, pod, Member.CONTAINER, "", SHORT, command.toArray(String[]::new));
    }

    /**
     * What is in the repository, as JSON.
     *
     * @param pod of the primary
     * @param revision of the settings that say where it is
     * @param after a backup that a replica has taken: all WAL that a restore of it needs is archived before
     */
    PodExec.Result list(String namespace, String pod, String revision, Optional<String> after) {
        List<String> command = new ArrayList<>(List.of("backup", "list", "--revision", revision));
        after.ifPresent(id -> command.addAll(List.of("--after", id)));
        return exec.run(namespace, pod, Member.CONTAINER, "", LONG, LISTING, command.toArray(String[]::new));
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
