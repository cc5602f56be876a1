package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.PatroniAccess;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Clusters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InstallManifestTest {
    private static final String TEXT = text();
    private static final List<HasMetadata> OBJECTS = objects();

    private static String text() {
        try {
            return Files.readString(Project.file("deploy/install.yaml", "run make generate"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<HasMetadata> objects() {
        Object loaded = new KubernetesSerialization()
                .unmarshal(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8)));
        List<HasMetadata> objects = new ArrayList<>();
        ((Collection<?>) loaded).forEach(object -> objects.add((HasMetadata) object));
        return objects;
    }

    private static <T> T only(Class<T> type) {
        return OBJECTS.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCommittedFileIsWhatItsSourcesGive() {
        String generated = Command.of(
                        Project.file("scripts/generate-install", "it assembles the manifest")
                                .toString(),
                        "-")
                .output();
        assertThat(TEXT.lines().toList())
                .as("deploy/install.yaml is stale: run make generate and commit it with its cause")
                .isEqualTo(generated.lines().toList());
    }

    @Test
    void everyObjectHasItsPublishedName() {
        assertThat(OBJECTS.stream()
                        .map(object ->
                                object.getKind() + " " + object.getMetadata().getName()))
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
        var pod = only(Deployment.class).getSpec().getTemplate().getSpec();
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
    void theRolesGrantWhatTheListSays() throws IOException {
        List<String> granted = new ArrayList<>();
        only(ClusterRole.class).getRules().forEach(rule -> granted.addAll(lines("cluster", rule)));
        only(Role.class).getRules().forEach(rule -> granted.addAll(lines("leader", rule)));
        try (Stream<String> list = Files.lines(Project.file("deploy/rbac.txt", "it lists the permissions"))) {
            List<String> listed = list.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .flatMap(InstallManifestTest::expand)
                    .toList();
            assertThat(granted).containsExactlyInAnyOrderElementsOf(listed).doesNotHaveDuplicates();
        }
    }

    /** Nobody may grant what he does not hold. */
    @Test
    void whatPatroniIsGrantedTheOperatorHolds() {
        var held = only(ClusterRole.class).getRules().stream()
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
        assertThat(only(ClusterRole.class).getRules()).allSatisfy(rule -> {
            assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
            assertThat(rule.getResources()).doesNotContain("*");
            assertThat(rule.getApiGroups()).doesNotContain("*");
        });
    }

    private static List<String> lines(String holder, PolicyRule rule) {
        List<String> lines = new ArrayList<>();
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                String name =
                        rule.getResourceNames().isEmpty() ? "" : "[" + String.join(",", rule.getResourceNames()) + "]";
                lines.add(line(holder, group.isEmpty() ? "core" : group, resource + name, rule.getVerbs()));
            }
        }
        return lines;
    }

    private static Stream<String> expand(String line) {
        String[] words = line.split("\\s+", -1);
        List<String> verbs = List.of(words).subList(3, words.length);
        return Stream.of(words[2].split(",", -1)).map(resource -> line(words[0], words[1], resource, verbs));
    }

    private static String line(String holder, String group, String resource, Collection<String> verbs) {
        return "%s %s %s %s".formatted(holder, group, resource, new TreeSet<>(verbs));
    }
}
