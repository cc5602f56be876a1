package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.ClusterReads;
import com.smoketurner.postgres.kube.exec.PodLogs;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out why members do not start. Called only after they should have started long ago. */
@Singleton
final class CreationObserver {

    private final KubernetesClient client;
    private final PodLogs logs;
    private final ClusterReads reads;

    CreationObserver(KubernetesClient client, PodLogs logs, ClusterReads reads) {
        this.client = client;
        this.logs = logs;
        this.reads = reads;
    }

    StartupDiagnostics observe(ClusterView view) {
        return new StartupDiagnostics(missingClasses(view), lastWords(view));
    }

    private Set<String> missingClasses(ClusterView view) {
        if (!reads.allowed(ClusterReads.Read.STORAGE_CLASSES)) {
            return Set.of();
        }
        return view.observed().claims().stream()
                .filter(StuckCreation::pending)
                .map(CreationObserver::className)
                .filter(name -> !name.isEmpty())
                .distinct()
                .filter(name ->
                        client.storage().v1().storageClasses().withName(name).get() == null)
                .collect(Collectors.toSet());
    }

    static String className(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(claim.getSpec().getStorageClassName(), "");
    }

    private Map<String, String> lastWords(ClusterView view) {
        Map<String, String> words = new HashMap<>();
        for (Member member : view.observed().members()) {
            if (member.waiting() != null
                    && "CrashLoopBackOff".equals(member.waiting().reason())) {
                words.put(member.name(), lastLine(view, member));
            }
        }
        return words;
    }

    private String lastLine(ClusterView view, Member member) {
        try {
            String log = logs.previous(view.namespace(), member.name(), Member.CONTAINER, 1);
            return log.isBlank() ? "its log is empty" : log.strip();
        } catch (KubernetesClientException e) {
            return "its log cannot be read";
        }
    }
}
