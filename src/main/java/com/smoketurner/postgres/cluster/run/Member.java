package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.cluster.desired.ExporterContainer;
import com.smoketurner.postgres.cluster.desired.RequestedResources;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.patroni.MemberRecord;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a cluster, reduced to what decisions depend on. WAL positions are left out on purpose: they move all the
 * time, and a pod whose members are equal gives no reason to reconcile.
 *
 * @param ordinal its number in the StatefulSet
 * @param created when its pod was made
 * @param ready the pod's condition Ready
 * @param terminating deletion has been requested
 * @param labels all of the pod's labels
 * @param userLabels keys of the user's labels among them
 * @param templateHash hash of the template the pod was made of
 * @param restartedAt what {@code kubectl rollout restart} had written into that template; absent without it
 * @param restart what the annotation {@code restart} of the cluster had written into it; absent without it
 * @param node the node it runs on; absent before it has one
 * @param storageUsed how full its volume is, in percent, as it reports when that becomes critical; absent before
 * @param storageHeld the replication slot that holds much of it, in words, as it reports at the same time; absent without one
 * @param brokenSince what the operator has noted on it while its server is broken; absent while it is not
 * @param backupJob the last job of the backup engine in its pod; absent without one
 * @param archive how archiving goes, as a primary reports it; absent on members that never archived
 * @param restore how far it is with the restore of the cluster; absent without one
 * @param upgrade how far it is with the change to another major version; absent without one
 * @param image of the container {@code postgres}
 * @param resources of the container {@code postgres}, as requested
 * @param requested the resources that the operator last requested; absent on a pod of an older release
 * @param resize how far the node is with them
 * @param specApplied the kubelet has processed the pod's current spec
 * @param incarnation identifies one start of the server's container
 * @param patroni what Patroni says of itself, without positions; absent before its first loop
 * @param waiting reason and message of the server's container if it does not start; absent when it runs
 * @param exporterWaiting the same of the exporter's
 * @param unschedulable what the scheduler says; absent when it found a node
 */
public record Member(
        String name,
        int ordinal,
        String uid,
        @Nullable String created,
        boolean ready,
        boolean terminating,
        Map<String, String> labels,
        Set<String> userLabels,
        @Nullable String templateHash,
        @Nullable String restartedAt,
        @Nullable String restart,
        @Nullable String node,
        @Nullable Integer storageUsed,
        @Nullable String storageHeld,
        @Nullable BrokenSince brokenSince,
        @Nullable BackupJob backupJob,
        @Nullable ArchiveReport archive,
        @Nullable RestoreReport restore,
        @Nullable UpgradeReport upgrade,
        @Nullable String image,
        @Nullable ResourceRequirements resources,
        @Nullable RequestedResources requested,
        Resize resize,
        long generation,
        @Nullable Long observedGeneration,
        boolean specApplied,
        String incarnation,
        @Nullable MemberRecord patroni,
        @Nullable Trouble waiting,
        @Nullable Trouble exporterWaiting,
        @Nullable String unschedulable) {

    /** Name of the container with the server. */
    public static final String CONTAINER = Psql.CONTAINER;

    /** Name of the container that exports metrics. */
    public static final String EXPORTER = ExporterContainer.NAME;

    private static final int STORAGE_RELIEVED = 80;

    private static final List<String> TRANSIENT = List.of("ContainerCreating", "PodInitializing");

    /** Why a container does not run. */
    public record Trouble(String reason, String message) {}

    public static Member of(Pod pod) {
        return of(pod, Map.of());
    }

    /**
     * The member.
     *
     * @param configured the parameters that Patroni is to put in force; those that are do not wait for a restart
     */
    public static Member of(Pod pod, Map<String, String> configured) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        Optional<Container> container = server(pod);
        long generation = Objects.requireNonNullElse(pod.getMetadata().getGeneration(), 0L);
        Long observed = pod.getStatus().getObservedGeneration();
        return new Member(
                pod.getMetadata().getName(),
                ordinal(pod.getMetadata().getName()),
                pod.getMetadata().getUid(),
                pod.getMetadata().getCreationTimestamp(),
                condition(pod, "Ready")
                        .filter(ready -> "True".equals(ready.getStatus()))
                        .isPresent(),
                pod.getMetadata().getDeletionTimestamp() != null,
                Map.copyOf(labels),
                keys(annotations.get(Annotations.USER_LABELS)),
                annotations.get(Annotations.POD_TEMPLATE_HASH),
                annotations.get(Annotations.RESTARTED_AT),
                annotations.get(Annotations.RESTART),
                pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
                percent(annotations.get(Annotations.STORAGE_USED)),
                annotations.get(Annotations.STORAGE_HELD),
                BrokenSince.parse(annotations.get(Annotations.BROKEN_SINCE)).orElse(null),
                BackupJob.parse(pod.getMetadata().getName(), annotations.get(Annotations.BACKUP_JOB)),
                ArchiveReport.parse(annotations.get(Annotations.ARCHIVE)),
                RestoreReport.parse(annotations.get(Annotations.RESTORE)),
                UpgradeReport.parse(annotations.get(Annotations.UPGRADE)),
                container.map(Container::getImage).orElse(null),
                container.map(Container::getResources).orElse(null),
                RequestedResources.parse(annotations.get(Annotations.REQUESTED_RESOURCES))
                        .orElse(null),
                Resize.of(pod, container.map(Container::getResources).orElse(null), status(pod)),
                generation,
                observed,
                // Kubelets before 1.34 do not report it; a pod that runs has been seen by its kubelet.
                observed == null ? pod.getStatus().getStartTime() != null : observed >= generation,
                status(pod).map(ContainerStatus::getContainerID).orElse(""),
                MemberRecord.parse(annotations.get(MemberRecord.ANNOTATION))
                        .map(record -> record.withoutPositions().withoutPending(configured))
                        .orElse(null),
                trouble(pod, CONTAINER),
                trouble(pod, EXPORTER),
                unschedulable(pod));
    }

    /** Value of the label that Patroni writes; absent before its first. */
    public @Nullable String role() {
        return labels.get(Labels.ROLE);
    }

    public boolean primary() {
        return Labels.ROLE_PRIMARY.equals(role());
    }

    public boolean replica() {
        return Labels.ROLE_REPLICA.equals(role());
    }

    /**
     * It leads, and does not say that it takes no writes. Patroni's readiness asks for the leader key alone, which a member
     * keeps whose every promotion fails, and while it restarts its server.
     */
    public boolean serves() {
        return primary() && inService() && (patroni == null || patroni.isPrimary());
    }

    /** Its pod is Ready, and it does not say that its server is down. */
    public boolean inService() {
        return ready && (patroni == null || patroni.isRunning());
    }

    /** Its container runs, so that programs can run in it; whether its server does is another matter. */
    public boolean containerRuns() {
        return !terminating && waiting == null && !incarnation.isEmpty();
    }

    /** Its server does not run, and nothing is being done that would explain it. */
    public boolean serverDown() {
        return containerRuns() && patroni != null && !patroni.isRunning() && !patroni.isCloning();
    }

    /** Its data is not the cluster's any more, or not yet: Patroni does not run there. */
    public boolean waitsWithFormerData() {
        return upgrade != null && upgrade.waiting();
    }

    /** Its container ends again and again. */
    public boolean crashes() {
        return waiting != null && "CrashLoopBackOff".equals(waiting.reason());
    }

    /** It is a replica that receives the primary's changes as they happen. */
    public boolean streaming() {
        return patroni != null && patroni.isStreaming();
    }

    /** Its data directory is being copied from another member. */
    public boolean cloning() {
        return patroni != null && patroni.isCloning();
    }

    /** Patroni waits for a restart to put parameters in force. */
    public boolean pendingRestart() {
        return patroni != null && patroni.pendingRestart();
    }

    /** Those parameters. */
    public SortedMap<String, MemberRecord.Change> pending() {
        return patroni == null ? new TreeMap<>() : patroni.pendingRestartReason();
    }

    /** The timeline it is on; absent when unknown. */
    public @Nullable Long timeline() {
        return patroni == null ? null : patroni.timeline();
    }

    /**
     * Its volume is almost full. It says so from 85 % on and takes it back below 80 %, so what it said last is never
     * between the two while it is fine.
     */
    public boolean storagePressure() {
        return storageUsed != null && storageUsed >= STORAGE_RELIEVED;
    }

    /** Its name and the parameters that wait for its restart, as text. */
    public String withPending() {
        return "%s (%s)".formatted(name, String.join(", ", pending().keySet()));
    }

    private static Set<String> keys(@Nullable String list) {
        return list == null || list.isEmpty() ? Set.of() : Set.of(list.split(","));
    }

    private static @Nullable Integer percent(@Nullable String number) {
        return number == null || !number.matches("\\d{1,3}") ? null : Integer.valueOf(number);
    }

    /** The number at the end of a member's name. */
    public static int ordinal(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static Optional<Container> server(Pod pod) {
        return pod.getSpec() == null
                ? Optional.empty()
                : pod.getSpec().getContainers().stream()
                        .filter(container -> CONTAINER.equals(container.getName()))
                        .findFirst();
    }

    private static Optional<ContainerStatus> status(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> CONTAINER.equals(status.getName()))
                .findFirst();
    }

    static Optional<PodCondition> condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static @Nullable Trouble trouble(Pod pod, String container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> container.equals(status.getName()))
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting.getReason() != null && !TRANSIENT.contains(waiting.getReason()))
                .map(waiting -> new Trouble(
                        waiting.getReason(), Objects.requireNonNullElse(waiting.getMessage(), "no further message")))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String unschedulable(Pod pod) {
        return condition(pod, "PodScheduled")
                .filter(condition ->
                        "False".equals(condition.getStatus()) && "Unschedulable".equals(condition.getReason()))
                .map(condition -> Objects.requireNonNullElse(condition.getMessage(), "no node fits"))
                .orElse(null);
    }
}
