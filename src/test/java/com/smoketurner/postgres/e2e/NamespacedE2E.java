package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Installation;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.observe.GrantedPermissions;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Documented;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The namespaced installation by the commands of the documentation, in place of the cluster-wide one. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the permissions of the operator change")
class NamespacedE2E {
    private static final String SETTINGS = "postgres-operator-config";

    private final Namespace unwatched;
    private final Operator operator;
    private final Namespace a;
    private final Namespace b;
    private Instant began = Instant.EPOCH;

    NamespacedE2E(Namespace unwatched) {
        this.unwatched = unwatched;
        this.operator = new Operator(unwatched.lab(), unwatched.client());
        this.a = new Namespace(unwatched.lab(), unwatched.client(), "team-a");
        this.b = new Namespace(unwatched.lab(), unwatched.client(), "team-b");
    }

    @BeforeAll
    void install() {
        String settings = operator.kubectl("get", "configmap", SETTINGS, "-o", "jsonpath={.data}");
        stop();
        operator.kubectl("delete", "configmap", SETTINGS);
        operator.kubectl("delete", "clusterrolebinding,clusterrole", Project.OPERATOR);
        began = Instant.now();
        for (String command : Documented.commands("docs/install.md", "Watching some namespaces only", 0)) {
            Documented.run(unwatched.lab(), command);
            if (command.contains("create configmap")) {
                // Where the images of this checkout are.
                operator.kubectl("patch", "configmap", SETTINGS, "--type=merge", "-p", "{\"data\":" + settings + "}");
                operator.kubectl("rollout", "restart", "deployment/" + Project.OPERATOR);
            }
        }
    }

    /** Nothing of the operator runs that would use permissions after they are gone. */
    private void stop() {
        operator.kubectl("delete", "deployment", Project.OPERATOR, "--cascade=foreground", "--timeout=120s");
        operator.kubectl(
                "wait",
                "--for=delete",
                "pod",
                "--selector=app.kubernetes.io/name=" + Project.OPERATOR,
                "--timeout=120s");
    }

    @AfterAll
    void giveBack() {
        for (Namespace team : List.of(a, b)) {
            team.kubectl("delete", "pgc", "--all", "--timeout=180s").orThrow();
        }
        stop();
        operator.kubectl("delete", "configmap", SETTINGS);
        operator.kubectl("delete", "clusterrolebinding,clusterrole", "postgres-operator-cluster-reads");
        a.delete();
        b.delete();
        Installation.complete(unwatched.lab());
    }

    @Test
    void whatWorksClusterWideWorksInTheWatchedNamespaces() {
        Cluster outside = unwatched.apply(Manifest.cluster("outside"));
        ObjectStore.prepare(a);
        Cluster cluster = a.apply(Manifest.cluster("orders")
                        .replicas(2)
                        .without("spec", "tls")
                        .spec("backup", ObjectStore.backup(Backups.NEVER)))
                .awaitPhase("Running");
        Cluster other = b.apply(Manifest.cluster("orders")).awaitPhase("Running");
        cluster.sql(cluster.primary(), "CREATE TABLE kept AS SELECT 1 AS id");
        new Backups(cluster).take("one");

        String former = cluster.primary();
        a.kubectl("annotate", "pgc", "orders", Project.GROUP + "/switchover=auto")
                .orThrow();
        String now = cluster.awaitPrimaryOtherThan(former);
        cluster.awaitPhase("Running");
        assertThat(cluster.sql(now, "SELECT id FROM kept")).isEqualTo("1");

        b.kubectl("delete", "pgc", "orders", "--timeout=180s").orThrow();
        other.awaitGone(Waiting.SHORT);
        assertThat(outside.json().has("status")).isFalse();
        var requests = new AuditLog(a.lab().auditLog()).ofOperator(began);
        assertThat(requests).isNotEmpty().noneMatch(request -> request.code() == 401 || request.code() == 403);
        assertThat(GrantedPermissions.withoutReasonOutside(requests, Set.of("team-a", "team-b")))
                .isEmpty();
    }
}
