package com.smoketurner.postgres.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The items of the acceptance list that a test shows; {@code docs/dev/acceptance.md} is generated from these. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Acceptance {
    int[] value();
}
