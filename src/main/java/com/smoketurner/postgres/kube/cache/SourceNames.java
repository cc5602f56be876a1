package com.smoketurner.postgres.kube.cache;

import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The names of what follows the objects of one kind: the kind, or one name for each namespace where several are watched. An
 * informer takes what its own list does not name for deleted, so informers of several namespaces cannot fill one store.
 */
public final class SourceNames {

    private static final String OF_NAMESPACE = "/";

    private final SortedSet<String> namespaces;

    /** Of a controller that watches these namespaces, as the SDK says them. */
    SourceNames(Set<String> watched) {
        this.namespaces = InformerConfiguration.allNamespacesWatched(watched) || watched.size() == 1
                ? new TreeSet<>()
                : new TreeSet<>(watched);
    }

    /** What follows the objects of a kind in a namespace; of kinds that are in no namespace there is one. */
    String of(String kind, String namespace) {
        return namespaces.isEmpty() ? kind : kind + OF_NAMESPACE + namespace;
    }

    /** All that follow a kind. */
    Stream<String> all(String kind) {
        return namespaces.isEmpty() ? Stream.of(kind) : namespaces.stream().map(namespace -> of(kind, namespace));
    }

    /** The one namespace that a source follows, where there are others. */
    static Optional<String> namespace(String source) {
        return Optional.of(source.substring(kind(source).length()))
                .filter(rest -> !rest.isEmpty())
                .map(rest -> rest.substring(OF_NAMESPACE.length()));
    }

    /** The kind whose objects a source follows. */
    public static String kind(String source) {
        return source.split(OF_NAMESPACE, 2)[0];
    }
}
