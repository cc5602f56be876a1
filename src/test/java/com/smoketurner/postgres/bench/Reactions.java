package com.smoketurner.postgres.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long one changed cluster waits for the operator, in milliseconds: from the moment the user sends the change, and
 * from the moment the user has the answer, to the moment the operator is seen to have followed.
 */
record Reactions(List<Double> fromSent, List<Double> fromAnswered) {
    /** Changes the cluster of this number for the n-th time, and tells when the operator is seen to have followed. */
    interface Change {
        CompletableFuture<Long> to(int cluster, int n);
    }

    private static final Duration BETWEEN = Duration.ofMillis(400);
    private static final double MILLI = 1e6;

    /** Changes this many clusters one after the other. */
    static Reactions measure(int clusters, int count, Change change) {
        var fromSent = new ArrayList<Double>();
        var fromAnswered = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            long sent = System.nanoTime();
            var arrival = change.to(i % clusters, i);
            long answered = System.nanoTime();
            try {
                long seen = arrival.get(1, TimeUnit.MINUTES);
                fromSent.add((seen - sent) / MILLI);
                fromAnswered.add(Math.max(0, seen - answered) / MILLI);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException("no reaction to change " + i, e);
            }
            ScaleBench.pause(BETWEEN);
        }
        Collections.sort(fromSent);
        Collections.sort(fromAnswered);
        return new Reactions(fromSent, fromAnswered);
    }

    void put(Figures figures, String phase) {
        figures.put(phase + ".p50", quantile(fromSent, 0.5));
        figures.put(phase + ".p95", quantile(fromSent, 0.95));
        figures.put(phase + ".max", fromSent.getLast());
        figures.put(phase + ".answered.p50", quantile(fromAnswered, 0.5));
        figures.put(phase + ".answered.p95", quantile(fromAnswered, 0.95));
    }

    private static double quantile(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(Math.ceil(share * sorted.size())) - 1));
    }
}
