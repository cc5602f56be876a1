package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;

/** What the members may do in the API, where Patroni keeps its records. The operator must hold all of it itself. */
public final class PatroniAccess {
    private static final String RBAC_GROUP = "rbac.authorization.k8s.io";
    private static final String[] ALL = {
        "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"
    };

    private PatroniAccess() {}

    public static ServiceAccount accountOf(PostgresCluster cluster) {
        return new ServiceAccountBuilder().withMetadata(metadata(cluster)).build();
    }

    public static Role roleOf(PostgresCluster cluster) {
        return new RoleBuilder()
                .withMetadata(metadata(cluster))
                .withRules(
                        rule("endpoints", ALL),
                        rule("configmaps", ALL),
                        rule("pods", "get", "list", "watch", "patch", "update"),
                        rule("services", "create"))
                .build();
    }

    public static RoleBinding roleBindingOf(PostgresCluster cluster) {
        var name = Names.of(cluster).patroniAccess();
        return new RoleBindingBuilder()
                .withMetadata(metadata(cluster))
                .withNewRoleRef()
                .withApiGroup(RBAC_GROUP)
                .withKind("Role")
                .withName(name)
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .endSubject()
                .build();
    }

    private static ObjectMeta metadata(PostgresCluster cluster) {
        return Metadata.of(cluster, Names.of(cluster).patroniAccess(), Component.POSTGRESQL);
    }

    private static PolicyRule rule(String resource, String... verbs) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resource)
                .withVerbs(verbs)
                .build();
    }
}
