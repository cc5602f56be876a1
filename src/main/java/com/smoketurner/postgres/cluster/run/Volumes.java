package com.smoketurner.postgres.cluster.run;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The volumes of a cluster against the size that is requested.
 *
 * @param wanted that size
 * @param template the size that a new member gets; absent while there is no StatefulSet
 * @param claims all that have a volume, also those of members that are gone
 * @param used names of the claims of members that run or are to run
 */
public record Volumes(
        Quantity wanted, Optional<Quantity> template, List<PersistentVolumeClaim> claims, Set<String> used) {

    /** How long a node may take to grow a file system in use before its pod is recreated for that. */
    private static final Duration RESIZE_PATIENCE = Duration.ofMinutes(2);

    /** Within this the garbage collector has learned of a claim, and will not take it for one whose owner is lost. */
    private static final Duration KNOWN_TO_ALL = Duration.ofSeconds(30);

    private static final Set<String> INFEASIBLE = Set.of("ControllerResizeInfeasible", "NodeResizeInfeasible");
    private static final Set<String> ERRORS = Set.of("ControllerResizeError", "NodeResizeError");
    private static final String STORAGE = "storage";

    public static Volumes of(ClusterView view) {
        int members = Math.max(view.desired(), view.applied());
        List<PersistentVolumeClaim> claims = all(view).stream()
                .filter(claim -> claim.getStatus() != null
                        && "Bound".equals(claim.getStatus().getPhase()))
                .toList();
        return new Volumes(
                Quantity.parse(view.spec().storage().size()),
                view.observed().claimSize(),
                claims,
                claims.stream()
                        .map(Volumes::name)
                        .filter(name -> Member.ordinal(name) < members)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** The claims of all members there ever were, with a volume or still without one. */
    public static List<PersistentVolumeClaim> all(ClusterView view) {
        String prefix = view.names().dataClaim(0).replaceFirst("0$", "");
        return view.observed().claims().stream()
                .filter(claim -> name(claim).startsWith(prefix)
                        && name(claim).substring(prefix.length()).matches("\\d+"))
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Claims that ask for less than they should. */
    public List<PersistentVolumeClaim> tooSmall() {
        return claims.stream()
                .filter(claim -> requested(claim).compareTo(wanted) < 0)
                .toList();
    }

    /** Claims in use whose volumes have not reached the size. Where no pod mounts a volume nothing grows its file system. */
    public List<PersistentVolumeClaim> growing() {
        return claims.stream()
                .filter(claim -> used.contains(name(claim)))
                .filter(claim ->
                        capacity(claim).filter(has -> has.compareTo(wanted) < 0).isPresent())
                .toList();
    }

    /** What the storage says of a volume that it will never grow. */
    public Optional<String> failure() {
        return growing().stream()
                .filter(claim -> statuses(claim).values().stream().anyMatch(INFEASIBLE::contains))
                .findFirst()
                .map(claim -> "cannot expand the volume of %s: %s".formatted(name(claim), error(claim)));
    }

    /** New members would get smaller volumes than requested. */
    public boolean templateOutdated() {
        return template.filter(size -> size.compareTo(wanted) < 0).isPresent();
    }

    /** Every claim has existed for a while, so that none is lost when its StatefulSet goes. */
    public boolean knownToAll(Instant now) {
        return claims.stream()
                .map(claim -> claim.getMetadata().getCreationTimestamp())
                .filter(Objects::nonNull)
                .noneMatch(created -> now.isBefore(Instant.parse(created).plus(KNOWN_TO_ALL)));
    }

    /** The node of the member has had its time to grow the file system under the running pod. A new pod gets its own. */
    public boolean needNewPod(Member member, Instant now) {
        String created = member.created();
        return created != null
                && growing().stream()
                        .filter(claim -> Member.ordinal(name(claim)) == member.ordinal())
                        .flatMap(claim -> condition(claim, Set.of("FileSystemResizePending")).stream())
                        .map(PersistentVolumeClaimCondition::getLastTransitionTime)
                        .filter(Objects::nonNull)
                        .map(Instant::parse)
                        .anyMatch(since ->
                                Instant.parse(created).isBefore(since) && now.isAfter(since.plus(RESIZE_PATIENCE)));
    }

    /** The capacity of the smallest volume in use; nothing before there is one. */
    public Optional<Quantity> smallest() {
        return claims.stream()
                .filter(claim -> used.contains(name(claim)))
                .flatMap(claim -> capacity(claim).stream())
                .min(Quantity::compareTo);
    }

    /** How far the expansion is, for messages. */
    public String progress() {
        String sizes = growing().stream()
                .map(claim -> "%s has %s"
                        .formatted(
                                name(claim),
                                capacity(claim).map(Quantity::toString).orElse("none")))
                .collect(Collectors.joining(", "));
        return sizes.isEmpty()
                ? "new members get volumes of %s".formatted(wanted)
                : "expanding volumes to %s: %s".formatted(wanted, sizes);
    }

    /** The name of a claim. */
    public static String name(PersistentVolumeClaim claim) {
        return claim.getMetadata().getName();
    }

    private static Quantity requested(PersistentVolumeClaim claim) {
        return Objects.requireNonNull(
                claim.getSpec().getResources().getRequests().get(STORAGE));
    }

    private static Optional<Quantity> capacity(PersistentVolumeClaim claim) {
        return Optional.ofNullable(claim.getStatus().getCapacity()).map(capacity -> capacity.get(STORAGE));
    }

    private static Map<String, String> statuses(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(claim.getStatus().getAllocatedResourceStatuses(), Map.of());
    }

    private static Optional<PersistentVolumeClaimCondition> condition(PersistentVolumeClaim claim, Set<String> types) {
        return claim.getStatus().getConditions().stream()
                .filter(condition -> types.contains(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst();
    }

    private static String error(PersistentVolumeClaim claim) {
        return condition(claim, ERRORS)
                .flatMap(condition -> Optional.ofNullable(condition.getMessage()))
                .orElseGet(() -> "see kubectl describe pvc " + name(claim));
    }
}
