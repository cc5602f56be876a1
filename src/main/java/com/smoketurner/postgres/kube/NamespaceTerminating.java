package com.smoketurner.postgres.kube;

/** Nothing new can be made in a namespace that is being deleted. */
public final class NamespaceTerminating extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NamespaceTerminating(String namespace) {
        super("namespace %s is being deleted".formatted(namespace));
    }
}
