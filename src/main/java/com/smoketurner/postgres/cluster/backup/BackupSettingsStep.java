package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.cluster.desired.RepositorySecret;
import com.smoketurner.postgres.cluster.run.ArchiveReport;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.NamedSecrets;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** The Secret {@code <c>-backup}, from which the pods learn where backups and WAL go and with which key. */
@Singleton
public final class BackupSettingsStep implements Step {

    private final NamedSecrets secrets;
    private final MemberPods pods;
    private final EventRecorder events;

    BackupSettingsStep(NamedSecrets secrets, MemberPods pods, EventRecorder events) {
        this.secrets = secrets;
        this.pods = pods;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.BACKUP_SETTINGS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        String name = run.names().backupSettings();
        if (!run.spec().backupConfigured()) {
            run.applier().ensureAbsent(Secret.class, run.namespace(), name);
            return Outcome.DONE;
        }
        Checked<Secret> secret = secret(run, suspicious(run));
        if (secret instanceof Checked.Refused<Secret>) {
            secret = secret(run, true); // The Secrets may have been corrected since they were read.
        }
        return switch (secret) {
            case Checked.Refused<Secret>(var reason, var message) -> new Outcome.Rejected(reason, message);
            case Checked.Accepted<Secret>(Secret accepted) -> {
                apply(run, accepted);
                yield Outcome.DONE;
            }
        };
    }

    private Checked<Secret> secret(ClusterRun run, boolean again) {
        return new BackupSettings(run.view(), name -> secrets.read(run, name, again)).secret();
    }

    private void apply(ClusterRun run, Secret secret) {
        Optional<Secret> before = run.observed().backupSettings();
        int writes = run.applier().writes();
        run.applier().ensure(secret);
        if (before.isEmpty() || run.applier().writes() == writes) {
            return;
        }
        keyChanged(before.get(), secret)
                .ifPresent(message -> events.logAndRecord(
                        run.cluster(), EventMessage.of(EventReason.ENCRYPTION_KEY_CHANGED, message), run.now()));
        deliver(run, secret);
    }

    /** Changes the pods, so that their kubelets write the new files into them at once instead of within a minute or two. */
    private void deliver(ClusterRun run, Secret secret) {
        Map<String, String> note = Map.of(Annotations.BACKUP_REVISION, BackupSettings.revision(secret));
        run.observed().members().stream()
                .filter(member -> !member.terminating())
                .forEach(member -> pods.mark(run.applier(), run.namespace(), member.name(), Map.of(), note));
    }

    private static Optional<String> keyChanged(Secret before, Secret now) {
        String was = RepositorySecret.annotation(before, Annotations.BACKUP_KEY).orElse("");
        String is = RepositorySecret.annotation(now, Annotations.BACKUP_KEY).orElse("");
        return was.isEmpty() || was.equals(is)
                ? Optional.empty()
                : Optional.of(
                        "the encryption key of the backups was replaced: backups and WAL go to the path %s from now on, a full backup is taken at once, and the former ones can be restored with the former key only"
                                .formatted(BackupSettings.path(now)));
    }

    /** Credentials may have been replaced in the Secret when they no longer work. */
    private static boolean suspicious(ClusterRun run) {
        BackupFacts facts = BackupFacts.of(run.view(), Optional.empty());
        return facts.archive().filter(ArchiveReport::failing).isPresent()
                || facts.lastJob().filter(BackupJob::failed).isPresent();
    }
}
