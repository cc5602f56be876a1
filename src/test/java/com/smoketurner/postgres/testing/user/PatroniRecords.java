package com.smoketurner.postgres.testing.user;

import io.fabric8.kubernetes.client.KubernetesClient;

/** What Patroni, or what plays it, keeps in the annotations of its Endpoints. */
public final class PatroniRecords {
    private PatroniRecords() {}

    /** The value of an annotation; empty where the Endpoints or the annotation do not exist. */
    public static String read(KubernetesClient client, String namespace, String endpoints, String key) {
        var record =
                client.endpoints().inNamespace(namespace).withName(endpoints).get();
        return record == null || record.getMetadata().getAnnotations() == null
                ? ""
                : record.getMetadata().getAnnotations().getOrDefault(key, "");
    }
}
