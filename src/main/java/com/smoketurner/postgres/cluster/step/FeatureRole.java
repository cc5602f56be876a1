package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.MonitoringSecret;
import com.smoketurner.postgres.cluster.desired.PoolerSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.postgres.GivenPassword;
import com.smoketurner.postgres.postgres.MonitoringRole;
import com.smoketurner.postgres.postgres.PoolerRole;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Optional;

/**
 * A role that the operator itself needs on the servers while a feature is enabled.
 *
 * @param feature in one word
 * @param password absent while the feature is disabled, or has no Secret yet: nobody can log in as the role then
 * @param definition the statements that make it what it is to be, after it has been created
 * @param check the query that answers {@code t} while it is; absent where the role alone is enough
 * @param retirement the statement after which nobody can log in as it
 */
record FeatureRole(
        String feature,
        String name,
        Optional<String> password,
        List<String> definition,
        Optional<String> check,
        String retirement) {

    /** Those of all features, whether they are enabled or not. */
    static List<FeatureRole> of(ClusterRun run) {
        return List.of(
                new FeatureRole(
                        MonitoringSecret.FEATURE,
                        MonitoringSecret.ROLE,
                        run.spec().monitored()
                                ? password(run, run.names().monitoringSecret(), MonitoringSecret.PASSWORD)
                                : Optional.empty(),
                        MonitoringRole.define(MonitoringSecret.ROLE),
                        Optional.empty(),
                        MonitoringRole.retire(MonitoringSecret.ROLE)),
                new FeatureRole(
                        PoolerSecret.FEATURE,
                        PoolerSecret.ROLE,
                        run.spec().poolerEnabled()
                                ? password(run, run.names().pooler(), PoolerSecret.PASSWORD)
                                : Optional.empty(),
                        PoolerRole.define(PoolerSecret.ROLE),
                        Optional.of(PoolerRole.check(PoolerSecret.ROLE)),
                        PoolerRole.retire(PoolerSecret.ROLE)));
    }

    private static Optional<String> password(ClusterRun run, String secret, String key) {
        return GivenPassword.of(run.applier().find(Secret.class, run.namespace(), secret), key)
                        instanceof GivenPassword.Given(String password)
                ? Optional.of(password)
                : Optional.empty();
    }

    /** Passwords do not belong in logs. */
    @Override
    public String toString() {
        return "FeatureRole[" + name + "]";
    }
}
