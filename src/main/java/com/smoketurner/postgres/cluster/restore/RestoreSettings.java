package com.smoketurner.postgres.cluster.restore;

import static com.smoketurner.postgres.backup.Checked.refused;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.Compression;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreSourceSpec;
import com.smoketurner.postgres.api.RestoreSpec;
import com.smoketurner.postgres.backup.CaCertificate;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.Concurrency;
import com.smoketurner.postgres.backup.EncryptionKey;
import com.smoketurner.postgres.backup.Engine;
import com.smoketurner.postgres.backup.RepositoryFolder;
import com.smoketurner.postgres.backup.RepositorySettings;
import com.smoketurner.postgres.backup.StoreCredentials;
import com.smoketurner.postgres.backup.StoreLocation;
import com.smoketurner.postgres.cluster.desired.RepositorySecret;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.RepositoryAnswers;
import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the Secret {@code <c>-restore} is to contain, as a function of the spec and of the user's Secrets. */
final class RestoreSettings {

    private static final int CONNECTIONS = 10;

    private final ClusterView view;
    private final RestoreSpec spec;
    private final RestoreSourceSpec source;
    private final Function<String, Optional<Map<String, String>>> secrets;

    /**
     * @param view of a cluster with a restore
     * @param secrets the data of a user's Secret by its name, in base64
     */
    RestoreSettings(ClusterView view, Function<String, Optional<Map<String, String>>> secrets) {
        this.view = view;
        this.spec = Objects.requireNonNull(view.spec().restore());
        this.source = spec.source().flat();
        this.secrets = secrets;
    }

    /** The same for the same source, target and cluster only. */
    static String identity(ClusterView view) {
        return Fingerprint.of(
                view.cluster().getMetadata().getUid() + view.spec().restore());
    }

    /** Where the backups are. */
    static Checked<StoreLocation> location(ClusterView view) {
        return StoreLocation.of(Objects.requireNonNull(view.spec().restore()).source(), view.names());
    }

    /**
     * Where the backups are, as a URL; nothing where the spec does not say it.
     *
     * @param found the path in the bucket where a search has found them; null without one
     */
    static Optional<String> url(ClusterView view, @Nullable String found) {
        return location(view).toOptional().map(location -> (found == null ? location : location.at(found)).url());
    }

    /** The Secret, or what the user has to change. */
    Checked<Secret> secret() {
        return location(view)
                .then(location -> credentials(location)
                        .then(credentials ->
                                key().then(key -> ca().then(ca -> secret(location, credentials, key, ca)))));
    }

    private Checked<StoreCredentials> credentials(StoreLocation location) {
        if (source.workloadIdentityOrDefault()) {
            return Checked.accepted(StoreCredentials.ofWorkloadIdentity());
        }
        String name = Objects.requireNonNullElse(source.credentialsSecret(), "");
        Checked<StoreCredentials> credentials = secrets.apply(name)
                .map(data -> StoreCredentials.of(location.type(), name, data))
                .orElseGet(() -> refused(
                        Reason.RESTORE_CREDENTIALS_NOT_FOUND,
                        "credentials secret '%s' of restore.source not found".formatted(name)));
        return under(Reason.RESTORE_CREDENTIALS_NOT_FOUND, credentials);
    }

    private Checked<EncryptionKey> key() {
        String name = Objects.requireNonNullElse(view.spec().restoreKeySecret(), "");
        return secrets.apply(name)
                .map(data -> EncryptionKey.of(source.encryptionMethodOrDefault(), name, data))
                .orElseGet(() -> refused(
                        Reason.RESTORE_KEY_NOT_FOUND,
                        "encryption key secret '%s' of the backups to restore not found".formatted(name)));
    }

    private Checked<Optional<String>> ca() {
        return CaCertificate.read(
                source.caSecret(), secrets, Reason.RESTORE_CREDENTIALS_NOT_FOUND, Reason.RESTORE_CREDENTIALS_NOT_FOUND);
    }

    private Checked<Secret> secret(
            StoreLocation location, StoreCredentials credentials, EncryptionKey key, Optional<String> ca) {
        Engine engine = Engine.of(RepositoryAnswers.restoreEngine(view));
        BackupSpec backup = view.spec().backup();
        var settings = new RepositorySettings(
                RepositoryFolder.RESTORE,
                location,
                credentials,
                key,
                Compression.LZ4, // Nothing is written there, and what is read says itself how it is compressed.
                Concurrency.of(
                        engine.name(),
                        1,
                        backup == null ? CONNECTIONS : backup.downloadConcurrencyOrDefault(),
                        view.spec().resources()),
                0,
                ca.orElse(null),
                backup == null ? 0 : backup.walArchivingOrDefault().restoreTimeoutOrDefault(),
                null);
        return engine.files(settings)
                .then(files -> Checked.accepted(RepositorySecret.of(
                        view.cluster(),
                        view.names().restoreSettings(),
                        RepositoryFolder.restore(files, identity(view)),
                        Map.of())));
    }

    private static <T> Checked<T> under(Reason reason, Checked<T> checked) {
        return switch (checked) {
            case Checked.Accepted<T> accepted -> accepted;
            case Checked.Refused<T>(Reason former, String message) -> refused(reason, message);
        };
    }
}
