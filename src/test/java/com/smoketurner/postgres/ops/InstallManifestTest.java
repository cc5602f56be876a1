package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.PatroniAccess;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Shipped;
import com.smoketurner.postgres.testing.values.Clusters;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallManifestTest {
    private static final Shipped MANIFEST = Shipped.of("install.yaml");

    @Test
    void theCommittedFilesAreWhatTheirSourcesGive(@TempDir Path folder) throws IOException {
        Command.of(
                        Project.file("scripts/generate-install", "it assembles the manifests")
                                .toString(),
                        folder.toString())
                .output();
        List<Path> generated;
        try (Stream<Path> files = Files.walk(folder)) {
            generated = files.filter(Files::isRegularFile).toList();
        }
        assertThat(generated).hasSize(4);
        for (Path file : generated) {
            Path committed = Project.file("deploy/" + folder.relativize(file), "run make generate");
            assertThat(Files.readAllLines(committed))
                    .as("%s is stale: run make generate and commit it with its cause", committed)
                    .isEqualTo(Files.readAllLines(file));
        }
    }

    @Test
    void everyObjectHasItsPublishedName() {
        assertThat(MANIFEST.names())
                .contains(
                        "Namespace postgres-operator-system",
                        "CustomResourceDefinition postgresclusters.postgres-operator.smoketurner.com",
                        "CustomResourceDefinition postgresdatabases.postgres-operator.smoketurner.com",
                        "CustomResourceDefinition postgresupgrades.postgres-operator.smoketurner.com",
                        "Deployment postgres-operator",
                        "ServiceAccount postgres-operator",
                        "ClusterRole postgres-operator",
                        "ClusterRoleBinding postgres-operator",
                        "Service postgres-operator",
                        "ValidatingAdmissionPolicy postgres-operator-cluster",
                        "ValidatingAdmissionPolicy postgres-operator-database",
                        "ValidatingAdmissionPolicy postgres-operator-upgrade",
                        "ValidatingAdmissionPolicyBinding postgres-operator-cluster",
                        "ValidatingAdmissionPolicyBinding postgres-operator-database",
                        "ValidatingAdmissionPolicyBinding postgres-operator-upgrade");
    }

    @Test
    void thePodFitsTheRestrictedStandardAndHasItsIdentity() {
        var pod = MANIFEST.only(Deployment.class).getSpec().getTemplate().getSpec();
        var container = pod.getContainers().getFirst();
        assertThat(container.getName()).isEqualTo("operator");
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(1000L);
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getEnv()).extracting("name").containsExactly("POD_NAME", "POD_NAMESPACE");
        assertThat(pod.getEnableServiceLinks())
                .as("the Service of our name would inject POSTGRES_OPERATOR_PORT")
                .isFalse();
    }

    /** The list is what a reviewer reads; the roles are what counts. */
    @Test
    void theRolesGrantWhatTheListSays() {
        assertThat(Shipped.granted(MANIFEST.only(ClusterRole.class).getRules()))
                .containsExactlyInAnyOrderElementsOf(Shipped.listed("cluster", "wide"))
                .doesNotHaveDuplicates();
        assertThat(Shipped.granted(MANIFEST.only(Role.class).getRules()))
                .containsExactlyInAnyOrderElementsOf(Shipped.listed("leader"))
                .doesNotHaveDuplicates();
    }

    /** Nobody may grant what he does not hold. */
    @Test
    void whatPatroniIsGrantedTheOperatorHolds() {
        var held = MANIFEST.only(ClusterRole.class).getRules().stream()
                .flatMap(rule -> singles(rule).stream())
                .toList();
        assertThat(PatroniAccess.roleOf(Clusters.cluster()).getRules())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(held).containsAll(singles(rule)));
    }

    private static List<String> singles(PolicyRule rule) {
        List<String> singles = new ArrayList<>();
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                rule.getVerbs().forEach(verb -> singles.add(group + "/" + resource + " " + verb));
            }
        }
        return singles;
    }

    @Test
    void nothingIsGrantedWholesale() {
        assertThat(MANIFEST.only(ClusterRole.class).getRules()).allSatisfy(rule -> {
            assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
            assertThat(rule.getResources()).doesNotContain("*");
            assertThat(rule.getApiGroups()).doesNotContain("*");
        });
    }
}
