package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Shipped;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The installation that grants permissions in the watched namespaces only, made from the same sources as the other one. */
class NamespacedManifestsTest {
    private static final Shipped INSTALL = Shipped.of("namespaced/install.yaml");
    private static final Shipped ROLE = Shipped.of("namespaced/role.yaml");
    private static final Shipped READS = Shipped.of("namespaced/cluster-reads.yaml");
    private static final Shipped CLUSTER_WIDE = Shipped.of("install.yaml");

    @Test
    void theRoleOfANamespaceHasWhatTheClusterRoleHasOfObjectsInNamespaces() {
        assertThat(Shipped.granted(ROLE.only(Role.class).getRules()))
                .containsExactlyInAnyOrderElementsOf(Shipped.listed("cluster"))
                .doesNotHaveDuplicates();
    }

    /** So that {@code kubectl apply -n} puts it into any namespace. */
    @Test
    void theRoleNamesNoNamespace() {
        assertThat(ROLE.objects())
                .hasSize(2)
                .extracting(HasMetadata::getMetadata)
                .extracting(ObjectMeta::getNamespace)
                .containsOnlyNulls();
        RoleBinding binding = ROLE.only(RoleBinding.class);
        assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
        assertThat(binding.getRoleRef().getName())
                .isEqualTo(ROLE.only(Role.class).getMetadata().getName());
        assertThat(binding.getSubjects())
                .isEqualTo(CLUSTER_WIDE.only(ClusterRoleBinding.class).getSubjects());
    }

    @Test
    void outsideOfTheNamespacesTheOperatorOnlyReads() {
        List<PolicyRule> rules = READS.only(ClusterRole.class).getRules();
        assertThat(Shipped.granted(rules))
                .containsExactlyInAnyOrderElementsOf(Shipped.listed("wide", "elsewhere"))
                .doesNotHaveDuplicates();
        assertThat(rules)
                .allSatisfy(rule -> assertThat(Set.of("get", "list", "watch")).containsAll(rule.getVerbs()));
        assertThat(READS.only(ClusterRoleBinding.class).getRoleRef().getName())
                .isEqualTo(READS.only(ClusterRole.class).getMetadata().getName());
    }

    /** What is left of the cluster-wide installation when its permissions and the namespaces are taken away. */
    @Test
    void theRestIsTheSame() {
        assertThat(INSTALL.names())
                .doesNotHaveDuplicates()
                .isEqualTo(CLUSTER_WIDE.names().stream()
                        .filter(name -> !name.equals("ClusterRole postgres-operator")
                                && !name.equals("ClusterRoleBinding postgres-operator"))
                        .toList());
        Deployment deployment = INSTALL.only(Deployment.class);
        var env = deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv();
        var watched = env.removeLast();
        assertThat(watched.getName()).isEqualTo("POSTGRES_OPERATOR_WATCH_NAMESPACES");
        var source = watched.getValueFrom().getConfigMapKeyRef();
        assertThat(source.getName()).isEqualTo("postgres-operator-config");
        assertThat(source.getOptional()).as("no namespaces, no pod").isNull();
        assertThat(deployment).isEqualTo(CLUSTER_WIDE.only(Deployment.class));
    }
}
