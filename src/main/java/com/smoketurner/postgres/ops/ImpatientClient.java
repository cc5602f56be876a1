package com.smoketurner.postgres.ops;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;

/** A client that soon gives up on a request: whoever asks will ask again. */
final class ImpatientClient {
    private ImpatientClient() {}

    /** Shares connections and credentials with the client it is made of. */
    static KubernetesClient of(KubernetesClient client) {
        var request = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout(4_000)
                .withRequestRetryBackoffLimit(2)
                .withRequestRetryBackoffInterval(200)
                .build();
        return client.newClient(request).adapt(KubernetesClient.class);
    }
}
