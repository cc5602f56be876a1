package com.smoketurner.postgres.cluster.network;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who has to reach the members, and what they have to reach, in every cluster.
 *
 * @param operatorNamespace where the operator runs; null outside Kubernetes, where it comes through the API server
 * @param kedaNamespace where KEDA runs
 * @param apiServerPorts where the API server listens behind its Service; empty where that may not be read
 */
public record ControlPlane(
        @Nullable String operatorNamespace, String kedaNamespace, SortedSet<Integer> apiServerPorts) {
    public ControlPlane {
        apiServerPorts = Collections.unmodifiableSortedSet(new TreeSet<>(apiServerPorts));
    }
}
