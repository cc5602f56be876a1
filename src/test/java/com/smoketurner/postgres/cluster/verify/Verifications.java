package com.smoketurner.postgres.cluster.verify;

import static com.smoketurner.postgres.testing.values.Members.member;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.backup.Repository;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clusters with restore tests. */
final class Verifications {
    static final String SPEC = """
            backup:
              schedule: "0 * * * *"
              encryption: {keySecret: key}
              destination: {type: S3, bucket: b, region: r, credentialsSecret: s}
              verify: {schedule: "30 * * * *"}
            """;

    private Verifications() {}

    static PostgresCluster cluster(Instant created) {
        PostgresCluster cluster = Clusters.cluster(SPEC);
        cluster.getMetadata().setCreationTimestamp(created.toString());
        return cluster;
    }

    static void request(PostgresCluster cluster, String trigger) {
        cluster.getMetadata().setAnnotations(Map.of(Annotations.VERIFY_BACKUP, trigger));
    }

    static void shown(PostgresCluster cluster, BackupStatus backup) {
        cluster.setStatus(PostgresClusterStatus.builder().backup(backup).build());
    }

    /** A view whose primary has archived everything up to some time. */
    static ClusterView view(
            PostgresCluster cluster, Instant now, @Nullable Instant archived, Optional<Verification> last) {
        Map<String, String> annotations = archived == null
                ? Map.of()
                : Map.of(
                        Annotations.ARCHIVE,
                        "{\"last\":\"000000010000000000000007\",\"end\":\"%s\"}".formatted(archived));
        var observed = Observed.members(
                        member(0, true, true).annotated(annotations).build())
                .leader("c-0", now);
        last.ifPresent(observed::verification);
        return Runs.of(cluster, observed.build(), now);
    }

    static BackupFacts facts(ClusterView view, Repository repository) {
        return BackupFacts.of(view, Optional.of(new RepositoryListing.Answer.Listed(repository.listing())));
    }

    static Verification running(@Nullable String trigger, String target, Instant started) {
        return new Verification(request(trigger, target, started), started, null, false, null, null, null);
    }

    static Verification succeeded(@Nullable String trigger, String target, Instant started, Instant reached) {
        return new Verification(
                request(trigger, target, started),
                started,
                started.plusSeconds(60),
                true,
                null,
                "Completed",
                new Verification.Result(true, null, null, reached, 40L));
    }

    static Verification failed(Instant started, Verification.@Nullable Result result, String jobReason) {
        return new Verification(
                request(null, Verification.LATEST, started),
                started,
                started.plusSeconds(60),
                false,
                jobReason,
                "OOMKilled",
                result);
    }

    private static Verification.Request request(@Nullable String trigger, String target, Instant started) {
        return new Verification.Request(trigger, "F1", target, started.minusSeconds(10));
    }
}
