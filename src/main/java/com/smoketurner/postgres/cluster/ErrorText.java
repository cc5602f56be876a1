package com.smoketurner.postgres.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** One line about an error, fit for a status: no stack trace, no request body. */
final class ErrorText {

    private static final int LIMIT = 500;

    private ErrorText() {}

    static String of(Throwable error) {
        String text = error instanceof KubernetesClientException api ? ofApi(api) : ofOther(error);
        String line = text.lines().findFirst().orElse("unknown error");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT - 1) + "…";
    }

    private static String ofApi(KubernetesClientException error) {
        Status status = error.getStatus();
        return status != null && status.getMessage() != null
                ? "the API server answered %d: %s".formatted(error.getCode(), status.getMessage())
                : ofOther(error);
    }

    private static String ofOther(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
