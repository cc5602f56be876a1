package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.ObjectEvent;
import com.smoketurner.postgres.reconcile.Conditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which objects of members are missing, and what the events of their owners say about that. */
final class Refusals {

    /** Pods and volumes that come as they should are there by then; their events need not be read. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The controller of StatefulSets begins with the object, whose name is in the error too. */
    private static final String ERROR = "failed error: ";

    /** Reported as normal although it keeps a volume from being there. */
    private static final String NO_VOLUME = "FailedBinding";

    private Refusals() {}

    /** Names of the members that should have a pod by now and have none. */
    static List<String> podsMissing(ClusterView view) {
        return view.observed()
                .statefulSet()
                .filter(set -> !view.going() && old(set, view.now()) && incomplete(view))
                .map(set -> absent(view, set.getSpec().getReplicas()))
                .orElse(List.of());
    }

    private static List<String> absent(ClusterView view, int members) {
        Set<String> present =
                view.observed().members().stream().map(Member::name).collect(Collectors.toSet());
        String prefix = view.names().statefulSet() + "-";
        return IntStream.range(0, members)
                .mapToObj(ordinal -> prefix + ordinal)
                .filter(Predicate.not(present::contains))
                .toList();
    }

    /** Claims of members that should have a volume by now and have none. */
    static List<PersistentVolumeClaim> claimsPending(ClusterView view) {
        return view.observed().claims().stream()
                .filter(claim -> StuckCreation.pending(claim) && old(claim, view.now()))
                .filter(claim -> Member.ordinal(claim.getMetadata().getName()) < view.applied())
                .toList();
    }

    private static boolean old(HasMetadata object, Instant now) {
        String created = object.getMetadata().getCreationTimestamp();
        return created == null || !Instant.parse(created).plus(PATIENCE).isAfter(now);
    }

    /** Whether members have been away for so long that it is no restart. */
    private static boolean incomplete(ClusterView view) {
        PostgresClusterStatus status = view.cluster().getStatus();
        return status != null
                && Conditions.lasted(status.conditions(), ConditionType.REPLICAS_READY.label(), false, view.now())
                                .compareTo(PATIENCE)
                        >= 0;
    }

    /**
     * Why the first of these pods that is refused is not created.
     *
     * @param events of the StatefulSet
     */
    static Optional<String> ofPods(List<String> missing, List<ObjectEvent> events) {
        return missing.stream().flatMap(pod -> ofPod(pod, events).stream()).findFirst();
    }

    /** An older failure is over when the pod has been created since. */
    private static Optional<String> ofPod(String pod, List<ObjectEvent> events) {
        return events.stream()
                .filter(event -> event.note().contains(" Pod %s in StatefulSet ".formatted(pod)))
                .max(Comparator.comparing(ObjectEvent::last)
                        .thenComparing(ObjectEvent::warning, Comparator.reverseOrder()))
                .filter(ObjectEvent::warning)
                .map(event -> "pod %s cannot be created (%s): %s".formatted(pod, event.reason(), error(event.note())));
    }

    private static String error(String note) {
        int end = note.indexOf(ERROR);
        return (end < 0 ? note : note.substring(end + ERROR.length())).strip();
    }

    /**
     * Why a claim has no volume.
     *
     * @param events of the claim
     */
    static Optional<String> ofClaim(String claim, List<ObjectEvent> events) {
        return events.stream()
                .filter(event -> event.warning() || event.reason().equals(NO_VOLUME))
                .max(Comparator.comparing(ObjectEvent::last))
                .map(event -> "PersistentVolumeClaim %s is Pending (%s): %s"
                        .formatted(claim, event.reason(), event.note().strip()));
    }
}
