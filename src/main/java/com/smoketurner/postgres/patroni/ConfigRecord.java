package com.smoketurner.postgres.patroni;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cluster as a whole, in the annotations of the Endpoints {@code <c>-config}.
 *
 * @param systemId PostgreSQL's system identifier; null until the first member is bootstrapped
 * @param config the dynamic configuration; null until then
 */
public record ConfigRecord(
        @Nullable String systemId, @Nullable DynamicConfig config) {
    public static final String INITIALIZE = "initialize";
    public static final String CONFIG = "config";
    public static final String HISTORY = "history";

    /** The record in the annotations; empty without any of its parts. */
    public static Optional<ConfigRecord> of(@Nullable Map<String, String> annotations) {
        if (annotations == null) {
            return Optional.empty();
        }
        // Empty while a member is bootstrapping: the key is taken, the identifier not known yet.
        var initialize = annotations.get(INITIALIZE);
        var systemId = initialize == null || initialize.isEmpty() ? null : initialize;
        var config = DynamicConfig.parse(annotations.get(CONFIG)).orElse(null);
        return systemId == null && config == null ? Optional.empty() : Optional.of(new ConfigRecord(systemId, config));
    }
}
