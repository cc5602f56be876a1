package com.smoketurner.postgres.reconcile;

import com.smoketurner.postgres.api.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The status of a kind whose API is there and whose behaviour is not: nothing is ignored in silence. */
public final class UnsupportedKind {

    private UnsupportedKind() {}

    public static List<Condition> conditions(HasMetadata resource, List<Condition> previous, Instant now) {
        long generation = Objects.requireNonNullElse(resource.getMetadata().getGeneration(), 0L);
        return new Conditions(previous, generation, now)
                .add("Ready", false, "NotYetSupported", message(resource.getKind()))
                .list();
    }

    public static String message(String kind) {
        return "%s is not supported in this release: the operator does nothing for it; delete it".formatted(kind);
    }
}
