package com.smoketurner.postgres.cluster.network;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the rules for connections that members open have fared. Whether a member reaches the API server under them depends on the
 * network plug-in and cannot be told from the rules; a member that does not can neither lead nor follow. So they are tried, and
 * taken back when a member does not get through. Kept in an annotation of the policy.
 *
 * @param rules fingerprint of the rules that were tried
 */
record EgressTrial(String rules, Stage stage) {

    /** How far a trial has got. */
    enum Stage {
        /** The rules are in force, and not every member has been asked. */
        TRYING,
        /** Each member reached the API server under them. */
        PASSED,
        /** A member did not: they are not in force. */
        FAILED
    }

    /** The trial of these rules as it stands, or a new one. */
    static EgressTrial of(@Nullable String annotation, String rules) {
        return parse(annotation)
                .filter(trial -> trial.rules.equals(rules))
                .orElseGet(() -> new EgressTrial(rules, Stage.TRYING));
    }

    private static Optional<EgressTrial> parse(@Nullable String annotation) {
        String[] words = annotation == null ? new String[0] : annotation.split(" ", -1);
        if (words.length != 2) {
            return Optional.empty();
        }
        for (Stage stage : Stage.values()) {
            if (word(stage).equals(words[1])) {
                return Optional.of(new EgressTrial(words[0], stage));
            }
        }
        return Optional.empty();
    }

    EgressTrial at(Stage next) {
        return new EgressTrial(rules, next);
    }

    /** As the annotation has it. */
    String text() {
        return rules + " " + word(stage);
    }

    private static String word(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
