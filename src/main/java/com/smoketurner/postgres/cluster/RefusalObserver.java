package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.kube.ObjectEvents;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads why a member has no pod or no volume. Sends nothing while none is missing. */
@Singleton
final class RefusalObserver {

    private final ObjectEvents events;

    RefusalObserver(ObjectEvents events) {
        this.events = events;
    }

    Optional<String> observe(ClusterView view) {
        return pods(view).or(() -> claims(view));
    }

    private Optional<String> pods(ClusterView view) {
        List<String> missing = Refusals.podsMissing(view);
        return missing.isEmpty()
                ? Optional.empty()
                : view.observed()
                        .statefulSet()
                        .flatMap(set -> Refusals.ofPods(
                                missing,
                                events.of(view.namespace(), set.getMetadata().getUid())));
    }

    private Optional<String> claims(ClusterView view) {
        return Refusals.claimsPending(view).stream()
                .flatMap(claim -> Refusals.ofClaim(
                        claim.getMetadata().getName(),
                        events.of(
                                view.namespace(),
                                Objects.requireNonNull(claim.getMetadata().getUid())))
                        .stream())
                .findFirst();
    }
}
