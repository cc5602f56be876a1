package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A pooler of a cluster: what it is called and what it stands in front of. */
record Pooler(PostgresCluster cluster, Target target) {
    /** The members that a pooler connects to. */
    enum Target {
        PRIMARY(Labels.POOLER_TYPE_PRIMARY),
        REPLICAS(Labels.POOLER_TYPE_REPLICA);

        private final String label;

        Target(String label) {
            this.label = label;
        }
    }

    /** Both, whether they are enabled or not. */
    static List<Pooler> all(PostgresCluster cluster) {
        return Arrays.stream(Target.values())
                .map(target -> new Pooler(cluster, target))
                .toList();
    }

    boolean enabled() {
        return primary() ? cluster.getSpec().poolerEnabled() : cluster.getSpec().replicaPoolerEnabled();
    }

    boolean primary() {
        return target == Target.PRIMARY;
    }

    private Names names() {
        return Names.of(cluster);
    }

    /** The Deployment and the Service. */
    String name() {
        return primary() ? names().pooler() : names().replicaPooler();
    }

    String configMap() {
        return primary() ? names().poolerConfigMap() : names().replicaPoolerConfigMap();
    }

    String disruptionBudget() {
        return primary() ? names().poolerDisruptionBudget() : names().replicaPoolerDisruptionBudget();
    }

    /** The Certificate and its Secret. */
    String certificate() {
        return primary() ? names().poolerTls() : names().replicaPoolerTls();
    }

    /** The name under which it reaches the members. */
    String server() {
        return names().host(primary() ? names().primaryService() : names().replicaService());
    }

    /** Selects its pods. */
    SortedMap<String, String> selector() {
        return Labels.poolerSelector(cluster, target.label);
    }

    ObjectMeta metadata(String name) {
        return metadata(name, Component.PGBOUNCER);
    }

    ObjectMeta metadata(String name, Component component) {
        ObjectMeta metadata = Metadata.of(cluster, name, component);
        metadata.setLabels(labelled(metadata.getLabels()));
        return metadata;
    }

    /** The labels of its pods. */
    SortedMap<String, String> podLabels() {
        return labelled(Labels.of(cluster, Component.PGBOUNCER));
    }

    private SortedMap<String, String> labelled(Map<String, String> labels) {
        var all = new TreeMap<>(labels);
        all.put(Labels.POOLER, "true");
        all.put(Labels.POOLER_TYPE, target.label);
        return all;
    }
}
