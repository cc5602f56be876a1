package com.smoketurner.postgres.ops.lease;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Lease in the API server. */
public final class ApiLease implements LeaseStore {
    public static final String NAME = "postgres-operator-leader";

    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);
    private static final int UNPROCESSABLE = 422;

    /** What the API server answers to a version that is not the present one, to a failed test, and when the Lease is gone. */
    private static final Set<Integer> CONFLICTS =
            Set.of(HttpURLConnection.HTTP_CONFLICT, UNPROCESSABLE, HttpURLConnection.HTTP_NOT_FOUND);

    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final String namespace;

    /**
     * @param client that repeats no request by itself: how often and how long to try is decided by who asks
     */
    public ApiLease(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    @Override
    public Optional<LeaseRecord> read() {
        return Optional.ofNullable(
                        client.leases().inNamespace(namespace).withName(NAME).get())
                .map(ApiLease::record);
    }

    @Override
    public LeaseRecord create(LeaseRecord lease) {
        return record(judging(() -> client.resource(toLease(lease)).create()));
    }

    @Override
    public LeaseRecord renew(LeaseRecord lease) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject().put("op", "test").put("path", "/spec/holderIdentity").put("value", lease.holder());
        patch.addObject()
                .put("op", "replace")
                .put("path", "/spec/renewTime")
                .put("value", MICRO.format(lease.renewed()));
        // Of the object, not of its name, which the client would read first.
        return record(judging(() -> client.resource(toLease(lease)).patch(JSON, patch.toString())));
    }

    @Override
    public LeaseRecord update(LeaseRecord lease) {
        return record(judging(() -> client.resource(toLease(lease)).update()));
    }

    private static Lease judging(Supplier<Lease> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            if (CONFLICTS.contains(e.getCode())) {
                throw new LeaseConflict(e);
            }
            throw e;
        }
    }

    private Lease toLease(LeaseRecord lease) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .withResourceVersion(lease.version())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(lease.holder())
                .withLeaseDurationSeconds(lease.seconds())
                .withAcquireTime(time(lease.acquired()))
                .withRenewTime(time(lease.renewed()))
                .withLeaseTransitions(lease.transitions())
                .endSpec()
                .build();
    }

    private static LeaseRecord record(Lease lease) {
        var spec = lease.getSpec();
        return new LeaseRecord(
                spec == null ? null : spec.getHolderIdentity(),
                spec == null ? 0 : Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 0),
                instant(spec == null ? null : spec.getAcquireTime()),
                instant(spec == null ? null : spec.getRenewTime()),
                spec == null ? 0 : Objects.requireNonNullElse(spec.getLeaseTransitions(), 0),
                lease.getMetadata().getResourceVersion());
    }

    /** The API keeps microseconds. */
    private static ZonedDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    }

    private static Instant instant(@Nullable ZonedDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }
}
