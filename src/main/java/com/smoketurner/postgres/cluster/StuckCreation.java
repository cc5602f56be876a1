package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Why members that should have long since been built are not: the cause in the words of whoever knows it, and a remedy. */
final class StuckCreation {

    private static final Set<String> IMAGE_PROBLEMS =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

    private StuckCreation() {}

    /** Whether it is time to ask: the creation is overdue, or was found blocked before. */
    static boolean due(ClusterView view) {
        PostgresClusterStatus status = view.cluster().getStatus();
        if (status == null || status.phaseStartedAt() == null) {
            return false;
        }
        boolean overdue = status.phase() == ClusterPhase.CREATING
                && status.timeInPhase(view.now()).compareTo(view.timeouts().creation()) > 0;
        return overdue || (status.phase() == ClusterPhase.FAILED && foundBefore(status));
    }

    private static boolean foundBefore(PostgresClusterStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(ConditionType.READY.label()))
                .map(Condition::reason)
                .anyMatch(Reason.CREATING_TIMEOUT.label()::equals);
    }

    /** The cause, if one is known; nothing while a clone or restore is simply taking its time. */
    static Optional<Rejected> of(ClusterView view, StartupDiagnostics diagnostics, Optional<String> refusal) {
        return certificate(view)
                .or(() -> claimWithoutClass(view, diagnostics))
                .or(() -> refusal)
                .or(() -> unschedulable(view))
                .or(() -> claim(view))
                .or(() -> container(view, diagnostics))
                .or(() -> exporter(view))
                .map(message -> new Rejected(Reason.CREATING_TIMEOUT, message));
    }

    private static Optional<String> certificate(ClusterView view) {
        boolean waiting = view.spec().tlsEnabled() && !view.observed().certificateIssued();
        return waiting
                ? Optional.of("Certificate %s is not issued; see kubectl describe certificate %s"
                        .formatted(view.names().tls(), view.names().tls()))
                : Optional.empty();
    }

    private static Optional<String> claimWithoutClass(ClusterView view, StartupDiagnostics diagnostics) {
        return view.observed().claims().stream()
                .filter(StuckCreation::pending)
                .flatMap(claim -> classMessage(claim, diagnostics).stream())
                .findFirst();
    }

    private static Optional<String> claim(ClusterView view) {
        return view.observed().claims().stream()
                .filter(StuckCreation::pending)
                .findFirst()
                .map(claim -> claim.getMetadata().getName())
                .map(name ->
                        "PersistentVolumeClaim %s is Pending: its StorageClass has not provisioned it; see kubectl describe pvc %s"
                                .formatted(name, name));
    }

    static boolean pending(PersistentVolumeClaim claim) {
        return claim.getStatus() != null && "Pending".equals(claim.getStatus().getPhase());
    }

    private static Optional<String> classMessage(PersistentVolumeClaim claim, StartupDiagnostics diagnostics) {
        String name = claim.getMetadata().getName();
        String storageClass = Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), "");
        if (diagnostics.missingClasses().contains(storageClass)) {
            return Optional.of(
                    "PersistentVolumeClaim %s is Pending: StorageClass %s does not exist; create it, or delete the cluster and name another"
                            .formatted(name, storageClass));
        }
        return storageClass.isEmpty()
                ? Optional.of(
                        "PersistentVolumeClaim %s is Pending: it names no StorageClass and there is no default one"
                                .formatted(name))
                : Optional.empty();
    }

    private static Optional<String> unschedulable(ClusterView view) {
        return view.observed().members().stream()
                // A pod whose claim has no volume yet has no node either; the claim says more.
                .filter(member -> member.unschedulable() != null
                        && !member.unschedulable().contains("PersistentVolumeClaim"))
                .findFirst()
                .map(member -> "pod %s cannot be scheduled: %s; add nodes, or lower spec.resources"
                        .formatted(member.name(), member.unschedulable()));
    }

    private static Optional<String> container(ClusterView view, StartupDiagnostics diagnostics) {
        return view.observed().members().stream()
                .filter(member -> member.waiting() != null)
                .findFirst()
                .map(member -> containerMessage(member, Objects.requireNonNull(member.waiting()), diagnostics));
    }

    private static Optional<String> exporter(ClusterView view) {
        return view.observed().members().stream()
                .filter(member -> member.exporterWaiting() != null)
                .findFirst()
                .map(member ->
                        "container %s of pod %s does not run (%s): %s; see spec.metrics.image and the operator's image settings"
                                .formatted(
                                        Member.EXPORTER,
                                        member.name(),
                                        Objects.requireNonNull(member.exporterWaiting())
                                                .reason(),
                                        member.exporterWaiting().message()));
    }

    private static String containerMessage(Member member, Member.Trouble trouble, StartupDiagnostics diagnostics) {
        if (IMAGE_PROBLEMS.contains(trouble.reason())) {
            return "pod %s cannot pull its image (%s): %s; see spec.image and the operator's image settings"
                    .formatted(member.name(), trouble.reason(), trouble.message());
        }
        String words = diagnostics.lastWords().getOrDefault(member.name(), trouble.message());
        return "container %s of pod %s does not run (%s): %s"
                .formatted(Member.CONTAINER, member.name(), trouble.reason(), words);
    }
}
