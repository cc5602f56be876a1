package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.Reason;
import java.util.Optional;
import java.util.function.Function;

/** A value made of what a user wrote, or why there is none. */
public sealed interface Checked<T> {

    /** The value. */
    record Accepted<T>(T value) implements Checked<T> {}

    /**
     * What the user has to change.
     *
     * @param reason of the conditions that say so
     * @param message what is wrong and what to do, never with a secret value in it
     */
    record Refused<T>(Reason reason, String message) implements Checked<T> {}

    /** An accepted value. */
    static <T> Checked<T> accepted(T value) {
        return new Accepted<>(value);
    }

    /** A refusal. */
    static <T> Checked<T> refused(Reason reason, String message) {
        return new Refused<>(reason, message);
    }

    /** What the function makes of the value; a refusal stays as it is. */
    default <R> Checked<R> then(Function<T, Checked<R>> function) {
        return switch (this) {
            case Accepted<T>(T value) -> function.apply(value);
            case Refused<T>(Reason reason, String message) -> new Refused<>(reason, message);
        };
    }

    /** The value; nothing where it is refused. */
    default Optional<T> toOptional() {
        return this instanceof Accepted<T>(T value) ? Optional.of(value) : Optional.empty();
    }
}
