package com.smoketurner.postgres.testing.observe;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Shipped;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the operator's ServiceAccount may do, written as {@link AuditLog.Request#permissions} writes it. */
public final class GrantedPermissions {
    private static final String REASONS = "/e2e/granted-unused.txt";

    private GrantedPermissions() {}

    /** Out of every role that is bound to it. */
    public static Set<String> ofOperator(KubernetesClient client) {
        Stream<PolicyRule> wide = client.rbac().clusterRoleBindings().list().getItems().stream()
                .filter(b -> b.getSubjects() != null
                        && b.getSubjects().stream().anyMatch(s -> operator(s.getKind(), s.getName(), s.getNamespace())))
                .flatMap(b ->
                        client.rbac().clusterRoles().withName(b.getRoleRef().getName()).get().getRules().stream());
        Stream<PolicyRule> narrow =
                client.rbac().roleBindings().inNamespace(Project.OPERATOR_NAMESPACE).list().getItems().stream()
                        .filter(b -> b.getSubjects() != null
                                && b.getSubjects().stream()
                                        .anyMatch(s -> operator(s.getKind(), s.getName(), s.getNamespace())))
                        .flatMap(b -> client
                                .rbac()
                                .roles()
                                .inNamespace(Project.OPERATOR_NAMESPACE)
                                .withName(b.getRoleRef().getName())
                                .get()
                                .getRules()
                                .stream());
        return Stream.concat(wide, narrow)
                .flatMap(GrantedPermissions::expand)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean operator(String kind, String name, String namespace) {
        return "ServiceAccount".equals(kind)
                && Project.OPERATOR.equals(name)
                && Project.OPERATOR_NAMESPACE.equals(namespace);
    }

    private static Stream<String> expand(PolicyRule rule) {
        return rule.getApiGroups().stream()
                .flatMap(group -> rule.getResources().stream()
                        .flatMap(resource -> rule.getVerbs().stream()
                                .map(verb -> verb + " " + resource + (group.isEmpty() ? "" : "." + group))));
    }

    /** What every authenticated user may ask: about itself. */
    public static boolean everybodys(AuditLog.Request request) {
        return request.resource().startsWith("selfsubject");
    }

    /**
     * Requests for nothing in these namespaces that {@code deploy/rbac.txt} gives no reason for, by the holders that stand for what
     * the operator reads elsewhere and for its Lease. Discovery and questions about itself are everybody's.
     */
    public static List<AuditLog.Request> withoutReasonOutside(List<AuditLog.Request> requests, Set<String> watched) {
        Set<String> reasons = Shipped.listed("wide", "elsewhere", "leader").stream()
                .flatMap(GrantedPermissions::expand)
                .collect(Collectors.toSet());
        return requests.stream()
                .filter(request -> !request.resource().isEmpty())
                .filter(request -> !everybodys(request))
                .filter(request -> !watched.contains(request.namespace()))
                .filter(request -> !reasons.containsAll(request.permissions()))
                .toList();
    }

    /** A line of {@link Shipped#listed} without the names of objects. */
    private static Stream<String> expand(String line) {
        String[] words = line.replaceAll("\\[[a-z-]+\\] ", " ").split(" ", 3);
        String type = words[1] + (words[0].equals("core") ? "" : "." + words[0]);
        return Stream.of(words[2].replaceAll("[\\[\\],]", "").split(" ", -1)).map(verb -> verb + " " + type);
    }

    /** The permissions that are held for a reason other than their use: the lines of a file, up to the two blanks. */
    public static Set<String> withReason() {
        try (InputStream in = Objects.requireNonNull(GrantedPermissions.class.getResourceAsStream(REASONS), REASONS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.replaceFirst("  .*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
