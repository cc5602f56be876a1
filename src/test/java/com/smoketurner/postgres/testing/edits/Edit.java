package com.smoketurner.postgres.testing.edits;

import com.smoketurner.postgres.testing.lab.KubernetesVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One edit of a running cluster and what it may cost.
 *
 * @param name for a person
 * @param patch merge patch of the manifest, which is then applied; absent where a command is typed instead
 * @param command arguments of kubectl, with {@code CLUSTER} and {@code PRIMARY} for the names; empty with a patch
 * @param primary ordinal that the primary has before; null for any
 * @param cost what it does to members
 * @param older what it does where Kubernetes cannot resize running pods (before 1.35); null for the same
 * @param often whether the short run of all tests performs it too
 * @param passing whether the operator takes it back when it has been done, as with a wish for a switchover
 */
public record Edit(
        String name,
        @Nullable String patch,
        List<String> command,
        @Nullable Integer primary,
        Cost cost,
        @Nullable Cost older,
        boolean often,
        boolean passing) {

    /** Whom something happens to. */
    public enum Whom {
        NOBODY,
        FORMER_PRIMARY,
        ALL
    }

    /**
     * What an edit does to the members that are there before and after it.
     *
     * @param servers whose PostgreSQL restarts
     * @param containers whose container restarts in its pod
     * @param pods whose pod is recreated
     * @param refused it is not taken, and nothing happens
     */
    public record Cost(Whom servers, Whom containers, Whom pods, int switchovers, boolean refused) {
        public static final Cost NOTHING = new Cost(Whom.NOBODY, Whom.NOBODY, Whom.NOBODY, 0, false);
        public static final Cost REFUSED = new Cost(Whom.NOBODY, Whom.NOBODY, Whom.NOBODY, 0, true);
        public static final Cost SWITCHOVER = new Cost(Whom.FORMER_PRIMARY, Whom.NOBODY, Whom.NOBODY, 1, false);

        /** The primary goes, so another leads; the members that stay are left alone. */
        public static final Cost HANDED_OVER = new Cost(Whom.NOBODY, Whom.NOBODY, Whom.NOBODY, 1, false);

        public static final Cost SERVERS = new Cost(Whom.ALL, Whom.NOBODY, Whom.NOBODY, 1, false);
        public static final Cost SERVERS_IN_PLACE = new Cost(Whom.ALL, Whom.NOBODY, Whom.NOBODY, 0, false);
        public static final Cost CONTAINERS = new Cost(Whom.ALL, Whom.ALL, Whom.NOBODY, 1, false);
        public static final Cost PODS = new Cost(Whom.ALL, Whom.NOBODY, Whom.ALL, 1, false);
    }

    public static Edit spec(String name, Cost cost, String spec) {
        return new Edit(name, "{\"spec\":%s}".formatted(spec), List.of(), null, cost, null, false, false);
    }

    static Edit parameters(String name, Cost cost, String parameters) {
        return spec(name, cost, "{\"postgresqlParams\":%s}".formatted(parameters));
    }

    public static Edit annotation(String name, Cost cost, String key, String value) {
        return new Edit(
                name,
                "{\"metadata\":{\"annotations\":{\"postgres-operator.smoketurner.com/%s\":\"%s\"}}}"
                        .formatted(key, value),
                List.of(),
                null,
                cost,
                null,
                false,
                false);
    }

    public static Edit typed(String name, Cost cost, String... command) {
        return new Edit(name, null, Arrays.asList(command), null, cost, null, false, false);
    }

    /** It belongs to the short run. */
    Edit andOften() {
        return new Edit(name, patch, command, primary, cost, older, true, passing);
    }

    public Edit withPrimaryAt(int ordinal) {
        return new Edit(name, patch, command, ordinal, cost, older, often, passing);
    }

    /** Where running pods cannot be resized it costs that. */
    public Edit onOlderKubernetes(Cost other) {
        return new Edit(name, patch, command, primary, cost, other, often, passing);
    }

    /** The same as it is on this Kubernetes. */
    public Edit on(KubernetesClient kubernetes) {
        return older == null || KubernetesVersion.resizesInPlace(kubernetes)
                ? this
                : new Edit(name, patch, command, primary, older, null, often, passing);
    }

    /** The operator takes it back itself. */
    public Edit thatPasses() {
        return new Edit(name, patch, command, primary, cost, older, often, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
