package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Where clients find the passwords. In {@code <c>-credentials}, which has two keys that are the user's and others that follow from
 * them. When that Secret belongs to another controller, such as one that copies it from a vault, it is read and never written: all
 * is in {@code <c>-connection} then.
 */
@Singleton
final class PublishedCredentials {

    private final EventRecorder events;

    PublishedCredentials(EventRecorder events) {
        this.events = events;
    }

    /** The Secret with the user's keys. What is generated must not overwrite what the watch has not shown yet. */
    static Optional<Secret> current(ClusterRun run) {
        return run.observed().credentials().or(() -> live(run));
    }

    /** The same by a request. */
    static Optional<Secret> live(ClusterRun run) {
        return run.applier().live(Secret.class, run.namespace(), run.names().credentialsSecret());
    }

    /** Whether another controller owns it. */
    static boolean foreign(ClusterRun run, Optional<Secret> credentials) {
        return credentials.stream()
                .flatMap(secret -> secret.getMetadata().getOwnerReferences().stream())
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                        && !owner.getUid().equals(run.cluster().getMetadata().getUid()));
    }

    /**
     * Writes what follows from the passwords.
     *
     * @param current the Secret with the user's keys, as it was read
     */
    void write(ClusterRun run, Optional<Secret> current, Passwords passwords) {
        if (foreign(run, current)) {
            run.applier().ensure(CredentialsSecret.connection(run.cluster(), passwords));
            return;
        }
        Secret desired = CredentialsSecret.of(run.cluster(), passwords, GivenPasswords.asWritten(current));
        if (current.isPresent()) {
            run.applier().ensureFollows(desired, current.get());
        } else {
            run.applier().ensure(desired);
            events.record(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.CREDENTIALS_GENERATED,
                            "new passwords are in Secret " + run.names().credentialsSecret()),
                    run.now());
        }
        run.applier().ensureAbsent(Secret.class, run.namespace(), run.names().connectionSecret());
    }
}
