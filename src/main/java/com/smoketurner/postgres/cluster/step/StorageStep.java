package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.kube.VolumeClaims;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;

/** Lets the volumes that exist grow. What new members get is in the StatefulSet, which is the {@link StatefulSetStep}'s. */
@Singleton
public final class StorageStep implements Step {

    private final VolumeClaims claims;

    StorageStep(VolumeClaims claims) {
        this.claims = claims;
    }

    @Override
    public Part part() {
        return Part.STORAGE;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Volumes volumes = Volumes.of(run.view());
        Optional<Outcome> hindered = Optional.empty();
        for (PersistentVolumeClaim claim : volumes.tooSmall()) {
            Optional<Outcome> hindrance = raise(run, claim, volumes);
            hindered = hindered.or(() -> hindrance);
        }
        return hindered.or(() ->
                        volumes.failure().map(message -> new Outcome.Unsupported(Reason.EXPANSION_FAILED, message)))
                .orElseGet(() -> volumes.growing().isEmpty() && !volumes.templateOutdated()
                        ? Outcome.DONE
                        : new Outcome.Working(Reason.EXPANDING_STORAGE, volumes.progress()));
    }

    /** What stands in the way, if anything. The class is asked each time: an administrator may allow it any day. */
    private Optional<Outcome> raise(ClusterRun run, PersistentVolumeClaim claim, Volumes volumes) {
        String storageClass = Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), "");
        if (!claims.mayGrow(storageClass)) {
            return Optional.of(
                    new Outcome.Unsupported(Reason.EXPANSION_NOT_SUPPORTED, notSupported(storageClass, volumes)));
        }
        return claims.raise(run.applier(), claim, volumes.wanted())
                .map(refusal -> new Outcome.Unsupported(
                        Reason.EXPANSION_FAILED,
                        "%s is not raised to %s: %s".formatted(Volumes.name(claim), volumes.wanted(), refusal)));
    }

    private static String notSupported(String storageClass, Volumes volumes) {
        String what = storageClass.isEmpty()
                ? "volumes without a StorageClass do not grow"
                : "StorageClass %s does not let volumes grow (allowVolumeExpansion)".formatted(storageClass);
        return "%s: members keep the volumes they have%s, new ones get %s"
                .formatted(what, volumes.smallest().map(" (%s)"::formatted).orElse(""), volumes.wanted());
    }
}
