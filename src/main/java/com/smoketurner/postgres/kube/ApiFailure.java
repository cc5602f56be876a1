package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.exec.ExecFailed;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/** What an error of the Kubernetes client means. */
public final class ApiFailure {

    private static final int TOO_MANY_REQUESTS = 429;

    private static final int UNPROCESSABLE = 422;

    private ApiFailure() {}

    /**
     * The words in which the API server refuses a change that others have to allow first, such as a quota, a limit range or an
     * admission policy; empty where it is another error.
     */
    static Optional<String> refusal(KubernetesClientException error) {
        if (error.getCode() != HttpURLConnection.HTTP_FORBIDDEN && error.getCode() != UNPROCESSABLE) {
            return Optional.empty();
        }
        return Optional.of(
                error.getStatus() == null || error.getStatus().getMessage() == null
                        ? String.valueOf(error.getMessage())
                        : error.getStatus().getMessage());
    }

    /** What a request answers, or the other value where the operator may not make it: with fewer permissions it knows less. */
    static <T> T unlessForbidden(T otherwise, Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return otherwise;
            }
            throw e;
        }
    }

    /** Whether the API server is busy, restarts, or was not reached: every other request would fail as well, and later none. */
    public static boolean passing(KubernetesClientException error) {
        int code = error.getCode();
        return !(error instanceof ExecFailed)
                && (code == TOO_MANY_REQUESTS || code >= HttpURLConnection.HTTP_INTERNAL_ERROR || code == 0);
    }
}
