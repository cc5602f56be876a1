package com.smoketurner.postgres.testing.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The class disturbs nodes or the operator, or must not be disturbed, so no other runs beside it on the same Kubernetes.
 * {@code scripts/parts} gives these two labs of their own, one to what is tagged {@link #NODES} too, so that they do not all wait
 * for each other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Isolated
@Tag(Alone.TAG)
public @interface Alone {
    /** By which Maven chooses them. */
    String TAG = "alone";

    /** It is nodes or the API server that are disturbed, or what can be asked of them, or it is disturbed by nothing. */
    String NODES = "nodes";

    /** What it does. */
    String value();
}
