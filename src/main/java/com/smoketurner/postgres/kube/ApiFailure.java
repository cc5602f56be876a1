package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What an error of the Kubernetes client means. */
public final class ApiFailure {

    private static final int TOO_MANY_REQUESTS = 429;

    private ApiFailure() {}

    /** Whether the API server is busy, restarts, or was not reached: every other request would fail as well, and later none. */
    public static boolean passing(KubernetesClientException error) {
        int code = error.getCode();
        return !(error instanceof ExecFailed)
                && (code == TOO_MANY_REQUESTS || code >= HttpURLConnection.HTTP_INTERNAL_ERROR || code == 0);
    }
}
