package com.smoketurner.postgres.testing.standin;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.Consumer;

/** Handlers of what an informer sees, for those whom additions and changes mean the same. */
public final class Handlers {
    private Handlers() {}

    /** Calls one for every object that is there or has changed, and the other for every one that is gone. */
    public static <T> ResourceEventHandler<T> of(Consumer<T> seen, Consumer<T> gone) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                seen.accept(object);
            }

            @Override
            public void onUpdate(T before, T object) {
                seen.accept(object);
            }

            @Override
            public void onDelete(T object, boolean unknown) {
                gone.accept(object);
            }
        };
    }
}
