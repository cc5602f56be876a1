package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/** A program could not be run in a pod, or did not end in time. The API server itself may be well. */
public final class ExecFailed extends KubernetesClientException {

    private static final long serialVersionUID = 1L;

    public ExecFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
