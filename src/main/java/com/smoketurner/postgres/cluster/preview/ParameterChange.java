package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.desired.PatroniViews;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.postgres.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A server parameter that gets another value.
 *
 * @param from what Patroni's configuration has now; absent for PostgreSQL's own default
 * @param to what it will have; absent for PostgreSQL's own default
 */
public record ParameterChange(
        String name, @Nullable String from, @Nullable String to) {

    /**
     * What the running server says about a parameter.
     *
     * @param context when a change takes effect, as in {@code pg_settings}
     * @param present the value in force, in the server's own unit
     * @param wanted the value to come, in the same unit
     * @param refusal why the server does not take that value; absent if it does
     */
    public record Answer(
            String context,
            @Nullable String present,
            @Nullable String wanted,
            @Nullable String refusal) {

        /** Whether only a start puts it in force. */
        boolean restarts() {
            return refusal == null && "postmaster".equals(context) && !Objects.equals(present, wanted);
        }
    }

    /** What changes in the configuration of the running members when the spec becomes the other. */
    public static List<ParameterChange> of(ClusterView live, ClusterView next) {
        Map<String, String> before = present(live).parameters();
        Map<String, String> after = wanted(live, next);
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<ParameterChange> changes = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(before.get(name), after.get(name))) {
                changes.add(new ParameterChange(name, before.get(name), after.get(name)));
            }
        }
        return changes;
    }

    private static DynamicConfig present(ClusterView live) {
        return live.observed().dynamicConfig().orElseGet(() -> new DynamicConfig("{}"));
    }

    /** All parameters in the configuration of the running members when the spec has become the other. */
    public static Map<String, String> wanted(ClusterView live, ClusterView next) {
        var dropped =
                new TreeSet<>(Parameters.user(live.spec().postgresqlParams()).keySet());
        dropped.removeAll(Parameters.user(next.spec().postgresqlParams()).keySet());
        return present(live)
                .tuned(PatroniViews.of(next.cluster(), next.podInputs()), dropped)
                .parameters();
    }
}
