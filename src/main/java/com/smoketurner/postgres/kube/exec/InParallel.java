package com.smoketurner.postgres.kube.exec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same request to several pods at once: together they take no longer than the slowest. */
public final class InParallel {

    private InParallel() {}

    /**
     * The answers, in the order of the pods.
     *
     * @param request is expected not to fail
     */
    public static <T, R> Map<T, R> ask(List<T> pods, Function<T, R> request) {
        Map<T, R> answers = new LinkedHashMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<T, Future<R>> asked = new LinkedHashMap<>();
            pods.forEach(pod -> asked.put(pod, threads.submit(() -> request.apply(pod))));
            for (Map.Entry<T, Future<R>> entry : asked.entrySet()) {
                answers.put(entry.getKey(), entry.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return answers;
    }
}
