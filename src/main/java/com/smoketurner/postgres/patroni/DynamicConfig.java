package com.smoketurner.postgres.patroni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.api.ReplicationMode;
import com.smoketurner.postgres.postgres.Parameters;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Patroni's dynamic configuration: what all members share and follow without a restart of Patroni.
 *
 * @param json the document as it is kept, in which only the operator's part is ever changed
 */
public record DynamicConfig(String json) {

    private static final String IGNORE_SLOTS = "ignore_slots";
    private static final String MEMBER_SLOTS_TTL = "member_slots_ttl";

    /** The configuration in the annotation's value; empty if there is none or it is no JSON object. */
    public static Optional<DynamicConfig> parse(@Nullable String json) {
        return json == null || Json.object(json).isEmpty() ? Optional.empty() : Optional.of(new DynamicConfig(json));
    }

    public @Nullable Long ttl() {
        return Json.number(tree(), "ttl");
    }

    public @Nullable Long loopWait() {
        return Json.number(tree(), "loop_wait");
    }

    public @Nullable Long retryTimeout() {
        return Json.number(tree(), "retry_timeout");
    }

    public @Nullable Long maximumLagOnFailover() {
        return Json.number(tree(), "maximum_lag_on_failover");
    }

    public @Nullable String synchronousMode() {
        return Json.text(tree(), "synchronous_mode");
    }

    /** The way of replication that is in force, as Patroni reads it. */
    public ReplicationMode replicationMode() {
        return switch (Objects.requireNonNullElse(synchronousMode(), "off").toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> ReplicationMode.SYNC;
            case "quorum" -> ReplicationMode.QUORUM;
            default -> ReplicationMode.ASYNC;
        };
    }

    /** Whether somebody paused Patroni: it then fails nothing over. */
    public boolean paused() {
        return Json.flag(tree(), "pause");
    }

    /** The server parameters, as text. */
    public SortedMap<String, String> parameters() {
        var parameters = new TreeMap<String, String>();
        tree().path("postgresql")
                .path("parameters")
                .properties()
                .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
        return Collections.unmodifiableSortedMap(parameters);
    }

    /**
     * This configuration with the operator's part as wanted; equal to this one if nothing has to change.
     *
     * @param dropped parameters the operator set before and wants no longer
     */
    public DynamicConfig with(PatroniView wanted, Collection<String> dropped) {
        return edited(root -> {
            tune(root, wanted, dropped);
            var mode = wanted.synchronousMode();
            if (mode == null) {
                root.remove("synchronous_mode");
                root.remove("synchronous_node_count");
            } else {
                set(root, "synchronous_mode", mode);
                set(root, "synchronous_node_count", wanted.synchronousNodes());
            }
        });
    }

    /** As {@link #with}, but leaves the way of replication to whoever has set it. */
    public DynamicConfig tuned(PatroniView wanted, Collection<String> dropped) {
        return edited(root -> tune(root, wanted, dropped));
    }

    /** This configuration with Patroni paused, or not. */
    public DynamicConfig paused(boolean wanted) {
        return edited(root -> {
            if (wanted) {
                root.put("pause", true);
            } else {
                root.remove("pause");
            }
        });
    }

    private DynamicConfig edited(Consumer<ObjectNode> edit) {
        var root = tree();
        var before = root.deepCopy();
        edit.accept(root);
        return root.equals(before) ? this : new DynamicConfig(root.toString());
    }

    private static void tune(ObjectNode root, PatroniView wanted, Collection<String> dropped) {
        set(root, "ttl", wanted.ttl());
        set(root, "loop_wait", wanted.loopWait());
        set(root, "retry_timeout", wanted.retryTimeout());
        var slots = wanted.memberSlotsTtl();
        if (slots != null) {
            set(root, MEMBER_SLOTS_TTL, slots);
        } else if ("0".equals(Json.text(root, MEMBER_SLOTS_TTL))) {
            root.remove(MEMBER_SLOTS_TTL);
        }
        if (!root.hasNonNull(IGNORE_SLOTS)) { // What a person sets stays, also an empty list.
            root.putArray(IGNORE_SLOTS).addObject().put("type", "logical");
        }
        var parameters = child(child(root, "postgresql"), "parameters");
        parameters.remove(dropped);
        if (!wanted.parameters().containsKey(Parameters.RESTORE_COMMAND)
                && Parameters.RESTORE_WAL.equals(Json.text(parameters, Parameters.RESTORE_COMMAND))) {
            parameters.remove(Parameters.RESTORE_COMMAND); // Nothing is archived any more.
        }
        wanted.parameters().forEach((name, value) -> set(parameters, name, value));
    }

    private ObjectNode tree() {
        return Json.object(json).orElseThrow(() -> new IllegalArgumentException("not a JSON object"));
    }

    private static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode node ? node : parent.putObject(name);
    }

    /** A value that reads the same ({@code 500} and {@code "500"}) is left as it is. */
    private static void set(ObjectNode node, String name, Object value) {
        JsonNode wanted = Json.MAPPER.valueToTree(value);
        var present = node.get(name);
        if (present == null || !present.isValueNode() || !present.asText().equals(wanted.asText())) {
            node.set(name, wanted);
        }
    }
}
