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

        @JsonPropertyDescription("Server connections of all pods of one pooler together.")
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
                value =
                        "self.all(k, !(k in ['listen_addr', 'listen_port', 'unix_socket_dir', 'auth_type', 'auth_file', 'auth_user', 'auth_query', 'auth_dbname', 'auth_hba_file', 'pool_mode', 'max_client_conn', 'default_pool_size', 'max_db_connections', 'logfile', 'pidfile', 'syslog', 'user', 'admin_users', 'stats_users'] || k.startsWith('client_tls_') || k.startsWith('server_tls_')))",
                message = "pgbouncer.parameters must not contain a setting that the operator manages")
        @ValidationRule(
                value = "self.all(k, !self[k].matches('[\\\\x00-\\\\x1f]'))",
                message = "pgbouncer.parameters must not contain line breaks or other control characters")
        Map<String, @Size(max = 1024) String> parameters) {
    public PgBouncerSpec {
        parameters = Copies.map(parameters);
    }

    public boolean enabledOrDefault() {
        return enabled != null ? enabled : false;
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
