package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions about repositories, which programs in the pods answer as soon as the object store does. They run beside the
 * reconciliations, and the cluster is woken when an answer has come: a store that hangs holds up nobody. What is remembered only
 * saves questions.
 */
@Singleton
public final class RepositoryQuestions implements Remembers {

    /** Exit code of a program whose pod does not have the settings yet that it is asked about: no answer, asked again soon. */
    public static final int OUTDATED = 75;

    /** How long a kubelet takes to write changed files into a pod. */
    private static final Duration SOON = Duration.ofSeconds(3);

    /** How many run at the same time, over all clusters. */
    private static final int SIDE_BY_SIDE = 4;

    /**
     * An answer.
     *
     * @param subject what was asked, in words of whoever asked; tells answers to former questions apart
     * @param at when it came
     * @param result what the program wrote and its exit code; one that could not be run has exit code -1
     */
    public record Answer(String subject, Instant at, PodExec.Result result) {}

    /** What the questions are about. */
    public enum Topic {
        BACKUP,
        RESTORE
    }

    private record Key(String uid, Topic topic) {}

    private record Entry(boolean open, @Nullable Answer last) {}

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(SIDE_BY_SIDE);
    private final Wakeups wakeups;
    private final Clock clock;

    RepositoryQuestions(Wakeups wakeups, Clock clock) {
        this.wakeups = wakeups;
        this.clock = clock;
    }

    /** The last answer about a topic; nothing before the first. */
    public Optional<Answer> last(ClusterView view, Topic topic) {
        return Optional.ofNullable(entries.get(key(view, topic))).map(Entry::last);
    }

    /** Whether a question is open. */
    public boolean open(ClusterView view, Topic topic) {
        Entry entry = entries.get(key(view, topic));
        return entry != null && entry.open();
    }

    /** Asks, unless a question about the topic is open. The former answer stands until the new one comes. */
    public void ask(ClusterView view, Topic topic, String subject, Supplier<PodExec.Result> question) {
        Key key = key(view, topic);
        Entry before = entries.get(key);
        if (before != null && before.open()) {
            return;
        }
        entries.put(key, new Entry(true, before == null ? null : before.last()));
        ResourceID cluster = ResourceID.fromResource(view.cluster());
        Thread.ofVirtual().name("repository-" + cluster.getName()).start(() -> {
            PodExec.Result result = answer(question);
            if (result.exitCode() == OUTDATED) {
                entries.computeIfPresent(key, (k, entry) -> new Entry(false, entry.last()));
                wakeups.wakeAt(cluster, clock.instant().plus(SOON), clock.instant());
                return;
            }
            entries.computeIfPresent(key, (k, entry) -> new Entry(false, new Answer(subject, clock.instant(), result)));
            wakeups.wake(cluster);
        });
    }

    private PodExec.Result answer(Supplier<PodExec.Result> question) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PodExec.Result(-1, "", "interrupted");
        }
        try {
            return question.get();
        } catch (KubernetesClientException e) {
            return new PodExec.Result(-1, "", ErrorText.of(e));
        } finally {
            places.release();
        }
    }

    @Override
    public void forget(PostgresCluster cluster) {
        String uid = cluster.getMetadata().getUid();
        entries.keySet().removeIf(key -> key.uid().equals(uid));
    }

    private static Key key(ClusterView view, Topic topic) {
        return new Key(view.cluster().getMetadata().getUid(), topic);
    }
}
