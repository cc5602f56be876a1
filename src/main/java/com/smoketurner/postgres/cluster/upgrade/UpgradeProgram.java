package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodExec;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * The program {@code upgrade} in the pod of a member (src/main/resources/scripts/upgrade). What it starts goes on without the call,
 * and reports in an annotation of the pod.
 */
@Singleton
final class UpgradeProgram {

    /** Another job runs in that pod; its end is reported. */
    static final int BUSY = 16;

    private static final Duration SHORT = Duration.ofSeconds(20);

    /** The removal of a data directory. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private final PodExec exec;

    UpgradeProgram(PodExec exec) {
        this.exec = exec;
    }

    PodExec.Result check(String namespace, String pod, String id, String major) {
        return run(namespace, pod, SHORT, "check", id, major);
    }

    /**
     * Starts the conversion.
     *
     * @param mode {@code link}, {@code clone} or {@code copy}
     * @param complete how many replicas have all that the stopped server has
     */
    PodExec.Result convert(String namespace, String pod, String id, String mode, int complete) {
        return run(namespace, pod, SHORT, "convert", id, mode, Integer.toString(complete));
    }

    /**
     * Starts another job.
     *
     * @param job {@code stop}, {@code abort}, {@code statistics} or {@code finish}
     */
    PodExec.Result start(String namespace, String pod, String job, String id) {
        return run(namespace, pod, SHORT, job, id);
    }

    /** Whether a replica has received WAL beyond a position; from then on it takes part. */
    boolean received(String namespace, String pod, String lsn) {
        return run(namespace, pod, SHORT, "received", lsn).output().strip().equals("t");
    }

    /**
     * Removes data that is not the cluster's, once for each id.
     *
     * @param system PostgreSQL's system identifier of what may be removed
     */
    PodExec.Result discard(String namespace, String pod, String major, String id, String system) {
        return run(namespace, pod, LONG, "discard", major, id, system);
    }

    private PodExec.Result run(String namespace, String pod, Duration timeout, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "upgrade";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return exec.run(namespace, pod, Member.CONTAINER, "", timeout, command);
    }
}
