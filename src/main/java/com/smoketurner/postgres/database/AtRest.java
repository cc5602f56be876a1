package com.smoketurner.postgres.database;

import com.smoketurner.postgres.database.plan.ServerFacts;
import com.smoketurner.postgres.naming.Fingerprint;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Resources that agree with their servers. What somebody changes there by SQL wakes nobody, so it is looked for: every few minutes
 * by one query for all resources of a cluster, which sees roles, memberships and databases, and once an hour in each database.
 */
@Singleton
final class AtRest {

    /** How old an answer may be: a little less than the time after which each resource comes back. */
    private static final Duration FRESH = Duration.ofMinutes(4);

    private static final Duration COMPLETE = Duration.ofHours(1);

    /**
     * A resource.
     *
     * @param cluster UID of its cluster
     * @param key all that makes it another one
     * @param since when it was last compared completely
     * @param answer fingerprint of the server's
     */
    private record Rest(String cluster, String key, Instant since, String asked, String answer) {}

    /** Fingerprints of what a server has answered. */
    private record Look(Instant at, Map<ResourceID, String> answers) {}

    private final Map<ResourceID, Rest> resting =
            new ConcurrentSkipListMap<>((one, other) -> one.toString().compareTo(other.toString()));
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    /** Notes that a resource agrees with its server. */
    void enter(ResourceID id, String cluster, String key, Attempt.Agreed agreed, Instant now) {
        resting.put(id, new Rest(cluster, key, now, agreed.asked(), Fingerprint.of(agreed.answer())));
    }

    /** Forgets it. */
    void leave(ResourceID id) {
        resting.remove(id);
    }

    /** Whether a resource has neither changed nor rested for too long. */
    boolean holds(ResourceID id, String key, Instant now) {
        Rest rest = resting.get(id);
        return rest != null
                && rest.key().equals(key)
                && now.isBefore(rest.since().plus(COMPLETE).minus(spread(id)));
    }

    /** Hundreds that were created together do not come back together. */
    private static Duration spread(ResourceID id) {
        return COMPLETE.dividedBy(4)
                .multipliedBy(Math.floorMod(id.hashCode(), 100))
                .dividedBy(100);
    }

    /**
     * Whether the server still has what it had, by an answer that is new enough; empty where there is none.
     */
    Optional<Boolean> unchanged(ResourceID id, String cluster, Instant now) {
        Rest rest = resting.get(id);
        Look look = looks.get(cluster);
        if (rest == null || look == null || look.at().plus(FRESH).isBefore(now)) {
            return Optional.empty();
        }
        String answer = look.answers().get(id);
        return answer == null ? Optional.empty() : Optional.of(answer.equals(rest.answer()));
    }

    /**
     * Asks a server about all resources of its cluster that are at rest.
     *
     * @throws SqlFailed if it is not reached
     */
    void look(String cluster, Sql sql, Instant now) {
        List<ResourceID> ids = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        resting.forEach((id, rest) -> {
            if (rest.cluster().equals(cluster)) {
                ids.add(id);
                asked.add(rest.asked());
            }
        });
        List<String> answers = ServerFacts.answers(sql.read(Sql.HOME, ServerFacts.query(asked)));
        Map<ResourceID, String> fingerprints = new ConcurrentHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            fingerprints.put(ids.get(i), Fingerprint.of(answers.get(i)));
        }
        looks.put(cluster, new Look(now, fingerprints));
        looks.keySet().retainAll(resting.values().stream().map(Rest::cluster).toList());
    }
}
