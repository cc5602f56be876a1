package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.ResourceAmounts;
import com.smoketurner.postgres.postgres.ParameterValues;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/** Whether the memory limit of a member leaves its server enough beside the shared buffers. */
final class MemoryLimit {

    private static final String SHARED_BUFFERS = "shared_buffers";

    /** The unit of a value without one. */
    private static final long BLOCK = 8192;

    private static final BigDecimal LEAST = new BigDecimal("1.25");

    private MemoryLimit() {}

    /** A warning about a limit that is lower; empty where it is not, or where one of the two is not known. */
    static Optional<String> warning(PostgresClusterSpec spec) {
        String buffers = Parameters.user(spec.postgresqlParams())
                .getOrDefault(
                        SHARED_BUFFERS,
                        Objects.requireNonNull(Parameters.defaults().get(SHARED_BUFFERS)));
        Optional<Quantity> limit =
                Optional.ofNullable(spec.resourcesOrDefault().limits()).map(ResourceAmounts::memory);
        return ParameterValues.bytes(buffers, BLOCK)
                .filter(bytes -> limit.filter(
                                memory -> memory.getNumericalAmount().compareTo(bytes.multiply(LEAST)) < 0)
                        .isPresent())
                .map(bytes ->
                        "spec.resources.limits.memory (%s) is less than 1.25 times shared_buffers (%s): members may be OOMKilled"
                                .formatted(limit.orElseThrow(), buffers));
    }
}
