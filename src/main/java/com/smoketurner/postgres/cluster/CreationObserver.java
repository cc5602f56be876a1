package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks around for why members do not come up. Only called when they should have long since. */
@Singleton
final class CreationObserver {

    private final KubernetesClient client;

    CreationObserver(KubernetesClient client) {
        this.client = client;
    }

    CreationFacts observe(ClusterView view) {
        return new CreationFacts(missingClasses(view), lastWords(view));
    }

    private Set<String> missingClasses(ClusterView view) {
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
            String log = client.pods()
                    .inNamespace(view.namespace())
                    .withName(member.name())
                    .inContainer(Member.CONTAINER)
                    .terminated()
                    .tailingLines(1)
                    .getLog();
            return log == null || log.isBlank() ? "its log is empty" : log.strip();
        } catch (KubernetesClientException e) {
            return "its log cannot be read";
        }
    }
}
