package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.naming.Annotations;
import java.util.List;
import java.util.Optional;

/** What of a cluster concerns the resources that refer to it. */
final class ForOthers {

    private ForOthers() {}

    /** All of that as one text: another text is news to them. */
    static String state(PostgresCluster cluster, PostgresClusterStatus status) {
        return List.of(
                        Optional.ofNullable(status.phase()),
                        Optional.ofNullable(status.primaryPod()),
                        Optional.ofNullable(status.successor()),
                        cluster.getSpec().tlsEnabled(),
                        cluster.getSpec().poolerEnabled(),
                        Optional.ofNullable(cluster.getMetadata().getAnnotations())
                                .map(annotations -> annotations.get(Annotations.ALLOW_DATABASES_FROM)))
                .toString();
    }
}
