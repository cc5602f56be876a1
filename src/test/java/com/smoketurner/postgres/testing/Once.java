package com.smoketurner.postgres.testing;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes at the first call. A failure is kept as well: a hundred tests need not wait for it again. */
public final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T value;
    private @Nullable RuntimeException failure;

    public Once(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public synchronized T get() {
        if (failure != null) {
            throw failure;
        }
        if (value == null) {
            try {
                value = source.get();
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
        return value;
    }
}
