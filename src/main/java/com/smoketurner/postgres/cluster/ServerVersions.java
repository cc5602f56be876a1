package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The release that the primary of a cluster really runs, asked from itself. A server does not change its release while it
 * runs, so each start of a server is asked once; what is remembered here only saves requests.
 */
@Singleton
final class ServerVersions implements Remembers {

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final PatroniClient patroni;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    ServerVersions(PatroniClient patroni) {
        this.patroni = patroni;
    }

    /** One server's answer, or that it gave none. */
    private record Answer(String incarnation, @Nullable String version, Instant asked) {
        boolean stands(String other, Instant now) {
            return incarnation.equals(other) && (version != null || now.isBefore(asked.plus(RETRY)));
        }
    }

    /** The release, such as 16.4; nothing while there is no primary or it cannot be reached. */
    Optional<String> of(ClusterView view) {
        return view.observed().primary(view.now()).flatMap(primary -> of(view, primary));
    }

    private Optional<String> of(ClusterView view, Member primary) {
        String incarnation = primary.uid() + primary.incarnation();
        Answer answer = answers.compute(
                view.cluster().getMetadata().getUid(),
                (uid, known) -> known != null && known.stands(incarnation, view.now())
                        ? known
                        : new Answer(incarnation, ask(view, primary), view.now()));
        return Optional.ofNullable(answer.version());
    }

    private @Nullable String ask(ClusterView view, Member primary) {
        try {
            return patroni.serverVersion(view.patroni(primary))
                    .map(ServerVersions::text)
                    .orElse(null);
        } catch (IOException | GeneralSecurityException e) {
            Log.debugf("the version of %s is not known: %s", primary.name(), e.getMessage());
            return null;
        }
    }

    /** Releases since 10 have two parts, in {@code server_version_num} as major * 10000 + minor. */
    private static String text(int number) {
        return number / 10_000 + "." + number % 10_000;
    }

    @Override
    public void forget(PostgresCluster cluster) {
        answers.remove(cluster.getMetadata().getUid());
    }
}
