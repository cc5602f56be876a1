package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Optional;

/** What of a cluster concerns the resources that refer to it. */
final class ForOthers {

    private ForOthers() {}

    /** All of that as one text: another text is news to them. */
    static String state(ClusterView view, PostgresClusterStatus status) {
        PostgresCluster cluster = view.cluster();
        return List.of(
                        // From one phase in which it serves to another is no news.
                        Optional.ofNullable(status.phase()).filter(phase -> !phase.serves()),
                        Optional.ofNullable(status.primaryPod()),
                        Optional.ofNullable(status.successor()),
                        cluster.getSpec().tlsEnabled(),
                        cluster.getSpec().poolerEnabled(),
                        view.observed().caBundle().map(ConfigMap::getData).map(Object::hashCode),
                        Optional.ofNullable(cluster.getMetadata().getAnnotations())
                                .map(annotations -> annotations.get(Annotations.ALLOW_DATABASES_FROM)))
                .toString();
    }
}
