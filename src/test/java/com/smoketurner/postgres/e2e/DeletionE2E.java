package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ends of clusters other than the plain one of the guide. */
@ExtendWith(EndToEnd.class)
class DeletionE2E {
    private final Namespace ns;

    DeletionE2E(Namespace ns) {
        this.ns = ns;
    }

    private List<PersistentVolumeClaim> claims(String cluster) {
        return ns.client()
                .persistentVolumeClaims()
                .inNamespace(ns.name())
                .withLabel(Project.GROUP + "/cluster", cluster)
                .list()
                .getItems();
    }

    @Test
    @Acceptance(47)
    void volumesGoWhenTheClusterSaysSo() {
        Cluster cluster = ns.apply(
                        Manifest.cluster("gone").replicas(2).with("Delete", "spec", "storage", "whenDeleted"))
                .awaitPhase("Running");
        assertThat(claims("gone")).hasSize(2);
        ns.kubectl("delete", "pgc", "gone", "--timeout=180s").orThrow();
        cluster.awaitGone(Waiting.SHORT);
        Waiting.until("the volumes are gone", Waiting.SHORT, () -> claims("gone"), List::isEmpty);
    }

    @Test
    @Acceptance(46)
    void aNamespaceWithClustersDisappears() {
        Namespace doomed = Namespace.create(ns.lab(), ns.client(), "DoomedNamespace", Map.of());
        Cluster running = doomed.apply(Manifest.cluster("running").replicas(2));
        running.awaitPhase("Running");
        doomed.apply(Manifest.cluster("creating"));
        doomed.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: app}
                spec:
                  clusterRef: {name: running}
                  database: {name: app, owner: app_owner}
                """);
        doomed.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresUpgrade
                metadata: {name: up}
                spec:
                  sourceCluster: {name: running}
                  targetVersion: "17"
                """);
        doomed.delete();
        Waiting.until(
                "the namespace is gone",
                Waiting.LONG,
                () -> ns.client().namespaces().withName(doomed.name()).get() == null,
                gone -> gone);
    }

    @Test
    @Acceptance(48)
    void aClusterThatNeverWorkedIsDeletedToo() {
        Cluster cluster = ns.apply(Manifest.cluster("broken").with("nowhere", "spec", "storage", "storageClass"));
        cluster.awaitPhase("Creating", "Failed");
        ns.kubectl("delete", "pgc", "broken", "--timeout=180s").orThrow();
        cluster.awaitGone(Waiting.SHORT);
    }
}
