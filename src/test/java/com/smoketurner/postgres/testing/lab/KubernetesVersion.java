package com.smoketurner.postgres.testing.lab;

import io.fabric8.kubernetes.client.KubernetesClient;

/** What depends on the version of the Kubernetes that tests run on. */
public final class KubernetesVersion {
    /** The first minor release that resizes running pods. */
    private static final int RESIZES_IN_PLACE = 35;

    private KubernetesVersion() {}

    public static boolean resizesInPlace(KubernetesClient client) {
        String minor = client.getKubernetesVersion().getMinor();
        return Integer.parseInt(minor.replaceAll("\\D.*", "")) >= RESIZES_IN_PLACE;
    }
}
