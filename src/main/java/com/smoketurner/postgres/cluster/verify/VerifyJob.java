package com.smoketurner.postgres.cluster.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.BackupVerifySpec;
import com.smoketurner.postgres.api.DatabaseCheck;
import com.smoketurner.postgres.api.Durations;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.desired.VerificationPod;
import com.smoketurner.postgres.cluster.run.ArchiveTimeout;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Job {@code <c>-verify}: one pod that restores a backup, checks it, and ends. */
final class VerifyJob {

    private static final Duration LONGEST = Durations.parse("4h");

    private static final long MEBIBYTE = 1L << 20;
    private static final long SMALLEST = 1024;
    private static final double MARGIN = 1.2;

    /** WAL that is replayed, and the spill files of the checks, in MiB. */
    private static final long WAL = 768;

    private VerifyJob() {}

    static Job of(ClusterView view, VerificationPlan plan) {
        return of(view.cluster(), view.settings(), plan, timeout(view));
    }

    /**
     * The Job.
     *
     * @param timeout after which it is ended
     */
    static Job of(PostgresCluster cluster, Settings settings, VerificationPlan plan, Duration timeout) {
        var metadata = Metadata.of(cluster, Names.of(cluster).verification(), Component.VERIFICATION);
        metadata.setAnnotations(Map.of(Annotations.VERIFICATION, request(plan)));
        return new JobBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(Math.max(1, timeout.toSeconds()))
                .withTemplate(VerificationPod.of(cluster, settings, env(cluster, plan), size(plan.databaseBytes())))
                .endSpec()
                .build();
    }

    /** How long a test may take. */
    static Duration timeout(ClusterView view) {
        return NextVerification.spec(view)
                .map(verify -> Durations.parse(verify.timeoutOrDefault()))
                .orElse(LONGEST);
    }

    /** What the operator reads again from the annotation. */
    private static String request(VerificationPlan plan) {
        var json = JsonNodeFactory.instance.objectNode();
        if (plan.start().trigger() != null) {
            json.put("trigger", plan.start().trigger());
        }
        json.put("backup", plan.restore().backup()).put("target", plan.target());
        if (plan.windowEnd() != null) {
            json.put("windowEnd", plan.windowEnd().toString());
        }
        return json.toString();
    }

    private static List<EnvVar> env(PostgresCluster cluster, VerificationPlan plan) {
        var env = new ArrayList<EnvVar>();
        BackupSpec backup = Objects.requireNonNull(cluster.getSpec().backup());
        String occasion = cluster.getMetadata().getUid() + " " + plan.start().occasion();
        int restoreTimeout = backup.walArchivingOrDefault().restoreTimeoutOrDefault();
        env.add(value("VERIFY_PLAN", plan.restore().json(occasion, restoreTimeout, null)));
        env.add(value(
                "VERIFY_WINDOW_END",
                plan.windowEnd() == null ? "" : plan.windowEnd().toString()));
        int archiveTimeout = ArchiveTimeout.seconds(cluster.getSpec().postgresqlParams());
        env.add(value("VERIFY_TOLERANCE", Long.toString(2L * archiveTimeout)));
        BackupVerifySpec verify = backup.verify();
        List<DatabaseCheck> checks = verify == null ? List.of() : verify.databaseChecks();
        for (int i = 0; i < checks.size(); i++) {
            // One variable each: together they can be longer than Linux lets one be.
            env.add(value("VERIFY_CHECK_" + i, check(checks.get(i))));
        }
        return env;
    }

    private static String check(DatabaseCheck check) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("database", check.databaseOrDefault())
                .put("query", check.query())
                .toString();
    }

    /** Kubernetes replaces what looks like a reference to another variable, and makes one of two dollar signs. */
    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder()
                .withName(name)
                .withValue(value.replace("$", "$$"))
                .build();
    }

    private static Quantity size(long bytes) {
        long data = Math.ceilDiv((long) (bytes * MARGIN), MEBIBYTE);
        long mebibytes = Math.max(SMALLEST, data + WAL);
        return mebibytes % SMALLEST == 0
                ? new Quantity(Long.toString(mebibytes / SMALLEST), "Gi")
                : new Quantity(Long.toString(mebibytes), "Mi");
    }
}
