package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.PgBouncerSpec;
import com.smoketurner.postgres.api.PoolMode;
import com.smoketurner.postgres.backup.IniTemplates;
import com.smoketurner.postgres.cluster.desired.PoolerSecret;
import com.smoketurner.postgres.postgres.Bundled;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.quarkus.qute.Template;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code <c>-pgbouncer-config}: PgBouncer's configuration, which has no secret, and the programs of its pods. */
final class PoolerConfig {
    static final String INI = "pgbouncer.ini";
    static final String RUN = "run-pooler";
    static final String CONTROL = "pooler";

    /** More prepared statements than a client of a connection pool keeps. */
    private static final String PREPARED_STATEMENTS = "200";

    private static final Template TEMPLATE = IniTemplates.parse("templates/pooler/" + INI);
    private static final String RUN_SCRIPT = Bundled.program(RUN);
    private static final String CONTROL_SCRIPT = Bundled.program(CONTROL);

    private PoolerConfig() {}

    /**
     * The ConfigMap.
     *
     * @param authority whether the Secret of the members' certificate has that of their authority
     */
    static ConfigMap of(Pooler pooler, boolean authority) {
        return new ConfigMapBuilder()
                .withMetadata(pooler.metadata(pooler.configMap()))
                .withData(new TreeMap<>(Map.of(INI, ini(pooler, authority), RUN, RUN_SCRIPT, CONTROL, CONTROL_SCRIPT)))
                .build();
    }

    private static String ini(Pooler pooler, boolean authority) {
        PgBouncerSpec spec = pooler.cluster().getSpec().pgbouncerOrDefault();
        return TEMPLATE.data(
                        "view",
                        new PoolerView(
                                pooler.server(),
                                PoolerSecret.ROLE,
                                spec.poolModeOrDefault().label(),
                                Integer.toString(spec.maxClientConnOrDefault()),
                                Integer.toString(spec.defaultPoolSizeOrDefault()),
                                Integer.toString(
                                        Math.max(1, spec.maxDbConnectionsOrDefault() / spec.replicasOrDefault())),
                                pooler.cluster().getSpec().tlsEnabled(),
                                authority,
                                settings(spec)))
                .render();
    }

    private static SortedMap<String, String> settings(PgBouncerSpec spec) {
        var settings = new TreeMap<String, String>();
        settings.put("min_pool_size", "0");
        settings.put("reserve_pool_size", "5");
        settings.put("reserve_pool_timeout", "3");
        settings.put("server_lifetime", "3600");
        settings.put("server_idle_timeout", "600");
        settings.put("query_wait_timeout", "120");
        // A client's search_path is refused, not ignored: rows would go to another schema.
        settings.put("ignore_startup_parameters", "extra_float_digits");
        // After a failed login PgBouncer answers all clients with that error until it tries again.
        settings.put("server_login_retry", "0.2");
        settings.put("server_connect_timeout", "5");
        settings.put("server_check_delay", "10");
        // A server whose node is gone answers nothing: found out within seconds, idle or not.
        settings.put("tcp_keepalive", "1");
        settings.put("tcp_keepidle", "10");
        settings.put("tcp_keepintvl", "3");
        settings.put("tcp_keepcnt", "3");
        settings.put("tcp_user_timeout", "15000");
        settings.put("client_tls_protocols", "secure");
        // Each probe is a connection.
        settings.put("log_connections", "0");
        settings.put("log_disconnections", "0");
        if (spec.poolModeOrDefault() == PoolMode.TRANSACTION) {
            settings.put("max_prepared_statements", PREPARED_STATEMENTS);
        }
        if (spec.poolModeOrDefault() == PoolMode.SESSION) {
            settings.put("server_fast_close", "1");
        }
        settings.putAll(spec.parameters());
        return settings;
    }
}
