package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.observe.AuditLog.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The operator's requests in a span of time, sorted into kinds. */
record Traffic(List<Request> all) {
    private static final Set<String> FOLLOWING = Set.of("list", "watch");
    private static final int CREATED = 201;

    /** Reads and writes of the Lease: the sign of life, every few seconds whatever the number of clusters. */
    List<Request> lease() {
        return where(Traffic::ofLease);
    }

    /** What APIs and which version there are: requests without an object. */
    List<Request> discovery() {
        return where(r -> r.resource().isEmpty());
    }

    List<Request> writes() {
        return where(r -> r.write() && !ofLease(r));
    }

    List<Request> reads() {
        return where(r -> !r.write() && !ofLease(r) && !r.resource().isEmpty());
    }

    /** Reads but lists and watches. */
    List<Request> gets() {
        return reads().stream().filter(r -> !FOLLOWING.contains(r.verb())).toList();
    }

    List<Request> lists() {
        return reads().stream().filter(r -> r.verb().equals("list")).toList();
    }

    List<Request> watches() {
        return reads().stream().filter(r -> r.verb().equals("watch")).toList();
    }

    List<Request> statusWrites() {
        return writes().stream().filter(r -> r.resource().endsWith("/status")).toList();
    }

    List<Request> events() {
        return writes().stream().filter(r -> r.resource().equals("events")).toList();
    }

    /** Writes to the clusters themselves but their status: the finalizer. */
    List<Request> finalizers() {
        return writes().stream()
                .filter(r -> r.resource().equals("postgresclusters"))
                .toList();
    }

    /** How many distinct objects came into being by these writes, events not counted. */
    long created() {
        return writes().stream()
                .filter(r -> r.code() == CREATED && !r.resource().equals("events"))
                .map(Request::object)
                .distinct()
                .count();
    }

    List<Request> refused() {
        return writes().stream().filter(Request::refused).toList();
    }

    private List<Request> where(Predicate<Request> which) {
        return all.stream().filter(which).toList();
    }

    private static boolean ofLease(Request r) {
        return r.resource().equals("leases");
    }

    /** How often each verb was used on each type, the answer's code behind it where it was refused. */
    static Map<String, Long> table(List<Request> requests) {
        return requests.stream()
                .collect(Collectors.groupingBy(
                        r -> r.resource().isEmpty()
                                ? r.verb() + " " + r.uri().replaceFirst("\\?.*", "")
                                : r.verb() + " " + r.type() + (r.refused() ? " " + r.code() : ""),
                        TreeMap::new,
                        Collectors.counting()));
    }
}
