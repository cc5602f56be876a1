package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.PatroniTemplates;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.TreeMap;

/**
 * {@code <c>-patroni-config}: Patroni's configuration without secrets, and the scripts of the members.
 *
 * <p>The configuration is there for members with and without TLS. The pod template selects one of the two, so that a
 * member keeps the one its mounts fit while TLS is being switched on or off member by member.
 */
public final class PatroniConfigMap {
    /** The configuration of members with TLS. */
    public static final String PATRONI_YML = "patroni.yml";

    /** The configuration of members without TLS. */
    public static final String PATRONI_PLAIN_YML = "patroni-plain.yml";

    private PatroniConfigMap() {}

    /** That of a cluster whose parameters have been judged. */
    public static ConfigMap of(PostgresCluster cluster, PodInputs inputs) {
        return of(cluster, inputs, false);
    }

    /**
     * The ConfigMap.
     *
     * @param unjudged no server has said yet whether it takes the parameters of the spec
     */
    public static ConfigMap of(PostgresCluster cluster, PodInputs inputs, boolean unjudged) {
        var metadata = Metadata.of(cluster, Names.of(cluster).patroniConfigMap(), Component.POSTGRESQL);
        var annotations = new TreeMap<String, String>();
        annotations.put(
                Annotations.USER_PARAMETERS,
                String.join(
                        ",",
                        Parameters.user(cluster.getSpec().postgresqlParams()).keySet()));
        if (unjudged) {
            annotations.put(Annotations.UNJUDGED_PARAMETERS, "true");
        }
        var replication = cluster.getSpec().replication();
        if (replication != null) {
            annotations.put(Annotations.REPLICATION, replication.modeOrDefault().label());
        }
        metadata.setAnnotations(annotations);
        var data = new TreeMap<>(Scripts.all());
        data.put(PATRONI_YML, PatroniTemplates.config(PatroniViews.of(cluster, inputs, true)));
        data.put(PATRONI_PLAIN_YML, PatroniTemplates.config(PatroniViews.of(cluster, inputs, false)));
        return new ConfigMapBuilder().withMetadata(metadata).withData(data).build();
    }

    /** The key with the configuration of the members the spec asks for. */
    static String keyOf(PostgresCluster cluster) {
        return cluster.getSpec().tlsEnabled() ? PATRONI_YML : PATRONI_PLAIN_YML;
    }
}
