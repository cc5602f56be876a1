package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A manifest that users apply, and the list of permissions that it is made from. */
public record Shipped(String text, List<HasMetadata> objects) {

    /** A file below {@code deploy}. */
    public static Shipped of(String file) {
        String text = read("deploy/" + file);
        List<HasMetadata> objects = new ArrayList<>();
        Object loaded = new KubernetesSerialization()
                .unmarshal(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        ((Collection<?>) loaded).forEach(object -> objects.add((HasMetadata) object));
        return new Shipped(text, objects);
    }

    /** The first object of a type. */
    public <T> T only(Class<T> type) {
        return objects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Kind and name of each object. */
    public List<String> names() {
        return objects.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    /** What {@code deploy/rbac.txt} lists for these holders, one resource a line: group, resource, verbs. */
    public static List<String> listed(String... holders) {
        return read("deploy/rbac.txt")
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> Arrays.stream(holders).anyMatch(holder -> line.startsWith(holder + " ")))
                .flatMap(Shipped::expand)
                .toList();
    }

    /** The same of rules. */
    public static List<String> granted(Collection<PolicyRule> rules) {
        List<String> lines = new ArrayList<>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    String name = rule.getResourceNames().isEmpty()
                            ? ""
                            : "[" + String.join(",", rule.getResourceNames()) + "]";
                    lines.add(line(group.isEmpty() ? "core" : group, resource + name, rule.getVerbs()));
                }
            }
        }
        return lines;
    }

    private static Stream<String> expand(String line) {
        String[] words = line.split("\\s+", -1);
        List<String> verbs = List.of(words).subList(3, words.length);
        return Stream.of(words[2].split(",", -1)).map(resource -> line(words[1], resource, verbs));
    }

    private static String line(String group, String resource, Collection<String> verbs) {
        return "%s %s %s".formatted(group, resource, new TreeSet<>(verbs));
    }

    private static String read(String file) {
        try {
            return Files.readString(Project.file(file, "run make generate"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
