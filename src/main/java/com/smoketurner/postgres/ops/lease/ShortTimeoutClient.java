package com.smoketurner.postgres.ops.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;

/** A client that soon gives up on a request: whoever asks will ask again. */
public final class ShortTimeoutClient {
    private ShortTimeoutClient() {}

    /** Shares connections and credentials with the client it is made of. */
    public static KubernetesClient of(KubernetesClient client) {
        var request = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout(4_000)
                .withRequestRetryBackoffLimit(2)
                .withRequestRetryBackoffInterval(200)
                .build();
        return client.newClient(request).adapt(KubernetesClient.class);
    }
}
