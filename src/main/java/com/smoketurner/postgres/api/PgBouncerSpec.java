package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connection pooler in front of the cluster. */
@ApiType
public record PgBouncerSpec(
        @JsonPropertyDescription("Whether to run PgBouncer in front of the primary.") @Default("false") @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Number of pods of each pooler.") @Default("2") @Min(1) @Max(10) @Nullable
        Integer replicas,

        @JsonPropertyDescription("When a server connection goes back to the pool.") @Default("transaction") @Nullable
        PoolMode poolMode,

        @JsonPropertyDescription("Server connections for each database, all pods of one pooler together.")
        @Default("60")
        @Min(1)
        @Max(10000)
        @Nullable
        Integer maxDbConnections,

        @JsonPropertyDescription("Server connections for each pair of user and database, per pod.")
        @Default("20")
        @Min(1)
        @Max(1000)
        @Nullable
        Integer defaultPoolSize,

        @JsonPropertyDescription("Client connections per pod.") @Default("10000") @Min(10) @Max(100000) @Nullable
        Integer maxClientConn,

        @JsonPropertyDescription("Image of the pooler; absent means the operator's default.")
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription("CPU and memory of the pooler container.") @Nullable
        ResourcesSpec resources,

        @JsonPropertyDescription("Run a second pooler in front of the replicas.") @Default("false") @Nullable
        Boolean enableReplicaPooler,

        @JsonPropertyDescription(
                "Further settings of the [pgbouncer] section that the operator does not manage itself.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        @ValidationRule(
                value = "self.all(k, k.matches('^[a-z][a-z0-9_]*$'))",
                message = "pgbouncer.parameters must have names of PgBouncer settings as keys")
        @ValidationRule(
                value = "self.all(k, k in " + TUNABLE + ")",
                message =
                        "pgbouncer.parameters must not contain a setting that the operator manages, or that is none of PgBouncer's for performance and time limits")
        @ValidationRule(
                value = "self.all(k, !self[k].matches('[\\\\x00-\\\\x1f]'))",
                message = "pgbouncer.parameters must not contain line breaks or other control characters")
        Map<String, @Size(max = 1024) String> parameters) {
    /** Others change who may log in, what is read from disk, or whether the poolers can be paused. */
    private static final String TUNABLE = "['application_name_add_host', 'cancel_wait_timeout', 'client_idle_timeout',"
            + " 'client_login_timeout', 'disable_pqexec', 'dns_max_ttl', 'dns_nxdomain_ttl', 'idle_transaction_timeout',"
            + " 'listen_backlog', 'log_connections', 'log_disconnections', 'log_pooler_errors', 'log_stats',"
            + " 'max_db_client_connections', 'max_packet_size', 'max_prepared_statements', 'max_user_client_connections',"
            + " 'max_user_connections', 'min_pool_size', 'pkt_buf', 'query_timeout', 'query_wait_timeout',"
            + " 'reserve_pool_size', 'reserve_pool_timeout', 'sbuf_loopcnt', 'server_check_delay', 'server_check_query',"
            + " 'server_connect_timeout', 'server_fast_close', 'server_idle_timeout', 'server_lifetime',"
            + " 'server_login_retry', 'server_reset_query', 'server_reset_query_always', 'server_round_robin',"
            + " 'stats_period', 'tcp_defer_accept', 'tcp_keepalive', 'tcp_keepcnt', 'tcp_keepidle', 'tcp_keepintvl',"
            + " 'tcp_user_timeout', 'transaction_timeout', 'verbose']";

    public PgBouncerSpec {
        parameters = Copies.map(parameters);
    }

    public boolean enabledOrDefault() {
        return enabled != null ? enabled : false;
    }

    public ResourcesSpec resourcesOrDefault() {
        return resources != null ? resources : new ResourcesSpec(null, null, null);
    }

    public int replicasOrDefault() {
        return replicas != null ? replicas : 2;
    }

    public PoolMode poolModeOrDefault() {
        return poolMode != null ? poolMode : PoolMode.TRANSACTION;
    }

    public int maxDbConnectionsOrDefault() {
        return maxDbConnections != null ? maxDbConnections : 60;
    }

    public int defaultPoolSizeOrDefault() {
        return defaultPoolSize != null ? defaultPoolSize : 20;
    }

    public int maxClientConnOrDefault() {
        return maxClientConn != null ? maxClientConn : 10000;
    }

    public boolean enableReplicaPoolerOrDefault() {
        return enableReplicaPooler != null ? enableReplicaPooler : false;
    }
}
