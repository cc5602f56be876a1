package com.smoketurner.postgres.cluster.backup;

import static com.smoketurner.postgres.backup.Checked.refused;

import com.smoketurner.postgres.api.BackupDestinationSpec;
import com.smoketurner.postgres.api.BackupEncryptionSpec;
import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.CaCertificate;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.Concurrency;
import com.smoketurner.postgres.backup.EncryptionKey;
import com.smoketurner.postgres.backup.Engine;
import com.smoketurner.postgres.backup.Owner;
import com.smoketurner.postgres.backup.RepositoryFolder;
import com.smoketurner.postgres.backup.RepositorySettings;
import com.smoketurner.postgres.backup.StoreCredentials;
import com.smoketurner.postgres.backup.StoreLocation;
import com.smoketurner.postgres.cluster.desired.RepositorySecret;
import com.smoketurner.postgres.cluster.run.ArchiveTimeout;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** What the Secret {@code <c>-backup} is to contain, as a function of the spec, of the user's Secrets and of what it contained. */
final class BackupSettings {

    private final ClusterView view;
    private final BackupSpec spec;
    private final Function<String, Optional<Map<String, String>>> secrets;

    /**
     * @param view of a cluster with a destination
     * @param secrets the data of a user's Secret by its name, in base64
     */
    BackupSettings(ClusterView view, Function<String, Optional<Map<String, String>>> secrets) {
        this.view = view;
        this.spec = Objects.requireNonNull(view.spec().backup());
        this.secrets = secrets;
    }

    /** The Secret, or what the user has to change. */
    Checked<Secret> secret() {
        BackupDestinationSpec destination =
                Objects.requireNonNull(spec.destination()).flat();
        return StoreLocation.of(destination, view.names())
                .then(location -> credentials(destination, location.type())
                        .then(credentials ->
                                key().then(key -> ca(destination).then(ca -> secret(location, credentials, key, ca)))));
    }

    private Checked<StoreCredentials> credentials(BackupDestinationSpec destination, DestinationType type) {
        if (destination.workloadIdentityOrDefault()) {
            return Checked.accepted(StoreCredentials.ofWorkloadIdentity());
        }
        String name = Objects.requireNonNullElse(destination.credentialsSecret(), "");
        return secrets.apply(name)
                .map(data -> StoreCredentials.of(type, name, data))
                .orElseGet(() -> refused(
                        Reason.BACKUP_CREDENTIALS_NOT_FOUND,
                        "Backup credentials secret '%s' not found for %s destination".formatted(name, type.label())));
    }

    private Checked<EncryptionKey> key() {
        BackupEncryptionSpec encryption = Objects.requireNonNull(spec.encryption());
        String name = encryption.keySecret();
        return secrets.apply(name)
                .map(data -> EncryptionKey.of(encryption.methodOrDefault(), name, data))
                .orElseGet(() -> refused(
                        Reason.ENCRYPTION_KEY_NOT_FOUND,
                        "Backup encryption key secret '%s' not found".formatted(name)));
    }

    private Checked<Optional<String>> ca(BackupDestinationSpec destination) {
        return CaCertificate.read(
                destination.caSecret(),
                secrets,
                Reason.BACKUP_CREDENTIALS_NOT_FOUND,
                Reason.BACKUP_CREDENTIALS_INVALID);
    }

    private Checked<Secret> secret(
            StoreLocation base, StoreCredentials credentials, EncryptionKey key, Optional<String> ca) {
        String firstKey = remembered(Annotations.BACKUP_FIRST_KEY).orElse(key.fingerprint());
        StoreLocation location = firstKey.equals(key.fingerprint()) ? base : base.below(key.folder());
        Engine engine = Engine.of(RepositoryAnswers.backupEngine(view));
        var settings = new RepositorySettings(
                RepositoryFolder.BACKUP,
                location,
                credentials,
                key,
                spec.compressionOrDefault(),
                Concurrency.of(
                        engine.name(),
                        spec.uploadConcurrencyOrDefault(),
                        spec.downloadConcurrencyOrDefault(),
                        view.spec().resources()),
                spec.enableDeltaBackupsOrDefault() ? spec.deltaMaxStepsOrDefault() : 0,
                ca.orElse(null),
                spec.walArchivingOrDefault().restoreTimeoutOrDefault(),
                spec.backupFromReplicaOrDefault() ? ReplicaServing.served(view).orElse(null) : null);
        String place = place(location);
        return engine.files(settings)
                .then(files -> Checked.accepted(RepositorySecret.of(
                        view.cluster(),
                        view.names().backupSettings(),
                        files(files, place),
                        annotations(place, firstKey, key))));
    }

    private SortedMap<String, String> files(SortedMap<String, String> engine, String place) {
        boolean archiving = view.spec().walArchived();
        int heartbeat = archiving ? ArchiveTimeout.seconds(view.spec().postgresqlParams()) : 0;
        boolean claimed =
                remembered(Annotations.BACKUP_PLACE).filter(place::equals).isPresent()
                        && view.observed()
                                .backupSettings()
                                .filter(BackupSettings::claimed)
                                .isPresent();
        return RepositoryFolder.backup(engine, owner(view), archiving, heartbeat, claimed);
    }

    private static Map<String, String> annotations(String place, String firstKey, EncryptionKey key) {
        var annotations = new TreeMap<String, String>();
        annotations.put(Annotations.BACKUP_PLACE, place);
        annotations.put(Annotations.BACKUP_FIRST_KEY, firstKey);
        annotations.put(Annotations.BACKUP_KEY, key.fingerprint());
        return annotations;
    }

    private Optional<String> remembered(String annotation) {
        return view.observed().backupSettings().flatMap(secret -> RepositorySecret.annotation(secret, annotation));
    }

    private String place(StoreLocation location) {
        return Fingerprint.of(String.join(
                "\n",
                location.url(),
                Objects.requireNonNullElse(location.endpoint(), ""),
                Objects.requireNonNullElse(location.storageAccount(), ""),
                view.cluster().runningMajor()));
    }

    /** Who this cluster is to others that find its repository. */
    static Owner owner(ClusterView view) {
        return new Owner(
                view.cluster().getMetadata().getUid(),
                view.namespace(),
                view.names().cluster(),
                view.settings().kubernetes());
    }

    /** The hash of the files in such a Secret. */
    static String revision(Secret secret) {
        return file(secret, RepositoryFolder.REVISION);
    }

    /** The prefix in the bucket, without the major version. */
    static String path(Secret secret) {
        return file(secret, RepositoryFolder.PATH);
    }

    /** Whether the place is known to belong to this cluster. */
    static boolean claimed(Secret secret) {
        return !file(secret, RepositoryFolder.CLAIMED).isEmpty();
    }

    private static String file(Secret secret, String name) {
        return SecretText.of(Optional.of(secret), name).orElse("");
    }
}
