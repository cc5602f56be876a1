package com.smoketurner.postgres.cluster.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.Owner;
import com.smoketurner.postgres.backup.Ownership;
import com.smoketurner.postgres.backup.RepositoryFolder;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.desired.RepositorySecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.kube.ClusterReads;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.ConfigRecord;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that a repository belongs to one cluster before anything is written there: a cluster that was restored to a point in
 * time has the system identifier of its source, so no engine notices that two servers write to one archive.
 */
@Singleton
final class RepositoryClaim {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BackupProgram program;
    private final MemberPods pods;
    private final EventRecorder events;
    private final ClusterReads reads;

    RepositoryClaim(BackupProgram program, MemberPods pods, EventRecorder events, ClusterReads reads) {
        this.program = program;
        this.pods = pods;
        this.events = events;
        this.reads = reads;
    }

    /** Claims the repository if it is free, and opens the gate of archiving in the pods. */
    Outcome make(ClusterRun run, Secret settings, Member primary, Optional<RepositoryListing.Answer> answer) {
        return switch (answer.orElse(null)) {
            case null -> Outcome.UNDECIDED;
            case RepositoryListing.Answer.Failed(EngineFailure failure) -> unreadable(run, primary, failure);
            case RepositoryListing.Answer.Listed(RepositoryListing listing) -> {
                Owner self = BackupSettings.owner(run.view());
                yield switch (Ownership.of(listing, self, presence(run, listing), systemIdentifier(run), run.now())) {
                    case Ownership.Ours ours -> open(run, settings);
                    case Ownership.Free free -> claim(run, settings, primary, self);
                    case Ownership.Foreign(String message) ->
                        new Outcome.Rejected(Reason.BACKUP_PATH_CONFLICT, message);
                };
            }
        };
    }

    private static Outcome unreadable(ClusterRun run, Member primary, EngineFailure failure) {
        return failure.cause() == EngineFailure.Cause.ENGINE_MISSING
                ? new Outcome.Rejected(
                        Reason.BACKUP_ENGINE_UNAVAILABLE,
                        "the image %s has no program of the backup engine %s; set spec.backup.engine to the other one, or an image that has it"
                                .formatted(
                                        primary.image(),
                                        RepositoryAnswers.backupEngine(run.view())
                                                .label()))
                : Outcome.UNDECIDED; // The status quotes it, and the repository is read again.
    }

    /** Of the data of this cluster, as Patroni has written it down. */
    private static @Nullable String systemIdentifier(ClusterRun run) {
        return run.observed()
                .config()
                .flatMap(config -> ConfigRecord.of(config.getMetadata().getAnnotations()))
                .map(ConfigRecord::systemId)
                .orElse(null);
    }

    /** Whether the cluster that the marker names is one of this Kubernetes and still there. */
    private Ownership.Presence presence(ClusterRun run, RepositoryListing listing) {
        Owner owner = listing.owner();
        if (owner == null) {
            return Ownership.Presence.GONE;
        }
        if (!reads.clustersOf(owner.namespace())) {
            return Ownership.Presence.UNKNOWN;
        }
        return run.applier()
                        .live(PostgresCluster.class, owner.namespace(), owner.name())
                        .filter(cluster -> cluster.getMetadata().getUid().equals(owner.uid()))
                        .isPresent()
                ? Ownership.Presence.THERE
                : Ownership.Presence.GONE;
    }

    private Outcome claim(ClusterRun run, Secret settings, Member primary, Owner self) {
        PodExec.Result result =
                program.claim(run.namespace(), primary.name(), json(self), BackupSettings.revision(settings));
        if (result.exitCode() == BackupProgram.OUTDATED) {
            return Outcome.UNDECIDED;
        }
        if (!result.succeeded()) {
            return new Outcome.Failed("the repository cannot be claimed: "
                    + EngineFailure.of(result.exitCode(), result.error()).message());
        }
        events.record(
                run.cluster(),
                EventMessage.of(
                        EventReason.REPOSITORY_CLAIMED,
                        "backups and WAL go to the path %s/%s of the bucket"
                                .formatted(
                                        BackupSettings.path(settings),
                                        run.cluster().runningMajor())),
                run.now());
        return open(run, settings);
    }

    /** Tells the pods; a change of the pods themselves makes their kubelets do that at once. */
    private Outcome open(ClusterRun run, Secret settings) {
        String uid = run.cluster().getMetadata().getUid();
        Secret opened = new SecretBuilder()
                .withMetadata(RepositorySecret.metadata(run.cluster(), settings))
                .withData(settings.getData())
                .addToData(
                        RepositoryFolder.CLAIMED,
                        Base64.getEncoder().encodeToString(uid.getBytes(StandardCharsets.UTF_8)))
                .build();
        run.applier().ensure(opened);
        Map<String, String> note = Map.of(Annotations.BACKUP_REVISION, BackupSettings.revision(settings) + "-claimed");
        run.observed().members().stream()
                .filter(member -> !member.terminating())
                .forEach(member -> pods.mark(run.applier(), run.namespace(), member.name(), Map.of(), note));
        return Outcome.UNDECIDED;
    }

    private static String json(Owner owner) {
        try {
            return JSON.writeValueAsString(owner);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts has a JSON form", e);
        }
    }
}
