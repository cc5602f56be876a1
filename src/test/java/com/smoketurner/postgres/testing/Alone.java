package com.smoketurner.postgres.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The class disturbs nodes or the operator, so no other runs beside it on the same Kubernetes. {@code scripts/test} gives all of
 * these a lab of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Isolated
@Tag(Alone.TAG)
public @interface Alone {
    /** By which Maven chooses them. */
    String TAG = "alone";

    /** What it does. */
    String value();
}
