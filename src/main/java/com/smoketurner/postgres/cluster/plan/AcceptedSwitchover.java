package com.smoketurner.postgres.cluster.plan;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A switchover that the cluster's annotation requests and that the operator has accepted. It is written
 * into the cluster, so a new process of the operator goes on with the same one.
 *
 * @param member the member that is to lead
 * @param at when it was taken up
 */
public record AcceptedSwitchover(String member, Instant at) {

    /** How long a member may take until it leads. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The one in the annotations; nothing when the request has changed since. */
    public static Optional<AcceptedSwitchover> of(PostgresCluster cluster) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.of());
        return Optional.ofNullable(annotations.get(Annotations.SWITCHOVER_ACCEPTED))
                .flatMap(AcceptedSwitchover::parse)
                .filter(accepted -> accepted.member().equals(annotations.get(Annotations.SWITCHOVER)));
    }

    private static Optional<AcceptedSwitchover> parse(String text) {
        String[] words = text.split(" ", 2);
        try {
            return words.length == 2
                    ? Optional.of(new AcceptedSwitchover(words[0], Instant.parse(words[1])))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** As it stands in the annotation. */
    public String text() {
        return member + " " + at.truncatedTo(ChronoUnit.SECONDS);
    }

    public boolean expired(Instant now) {
        return now.isAfter(at.plus(PATIENCE));
    }
}
