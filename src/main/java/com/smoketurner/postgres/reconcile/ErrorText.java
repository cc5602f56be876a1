package com.smoketurner.postgres.reconcile;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** One line about an error: no stack trace, no request body. */
public final class ErrorText {

    private static final int LIMIT = 500;
    private static final int MAX_CAUSES = 5;

    /** What the Kubernetes client says where its cause says it all. */
    private static final String CLIENT_SAYS_NOTHING = "An error has occurred.";

    private ErrorText() {}

    /** Fit for a status: the API server's own words where it has answered, and a limited length. */
    public static String of(Throwable error) {
        String text = error instanceof KubernetesClientException api ? ofApi(api) : summary(error);
        String line = text.lines().findFirst().orElse("unknown error");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT - 1) + "…";
    }

    /** What went wrong and why: each distinct message of the chain of causes. */
    public static String summary(Throwable thrown) {
        var text = new StringBuilder();
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            String message = current.getMessage();
            String part = message == null || message.isBlank() || message.equals(CLIENT_SAYS_NOTHING)
                    ? current.getClass().getSimpleName()
                    : message.strip().replaceAll("\\s+", " ");
            if (text.indexOf(part) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(part);
            }
            current = current.getCause();
        }
        return text.toString();
    }

    private static String ofApi(KubernetesClientException error) {
        Status status = error.getStatus();
        return status != null && status.getMessage() != null
                ? "the API server answered %d: %s".formatted(error.getCode(), status.getMessage())
                : summary(error);
    }
}
