package com.smoketurner.postgres.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.cluster.preview.ImpactSummary;
import com.smoketurner.postgres.cluster.preview.Preview;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A preview as it is printed. */
final class PlanText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanText() {}

    static String of(String namespace, String name, Preview preview) {
        var text = new StringBuilder(head(namespace, name));
        if (preview.lines().isEmpty()) {
            text.append("no changes\n");
        }
        List<String> changes = preview.lines().stream()
                .map(line -> "%s: %s -> %s".formatted(line.field(), shown(line.from()), shown(line.to())))
                .toList();
        int width = changes.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < changes.size(); i++) {
            Preview.Line line = preview.lines().get(i);
            text.append(("%-" + Math.min(Math.max(width, 1), 72) + "s  %s%s%n")
                    .formatted(changes.get(i), line.impact().text(), line.text().isEmpty() ? "" : ": " + line.text()));
        }
        if (preview.refusal() != null) {
            return text.append("\nRejected: %s%nMembers are not changed.%n".formatted(preview.refusal()))
                    .toString();
        }
        if (preview.unfinished() != null) {
            text.append("\nRemaining for the current spec, included in the steps: ")
                    .append(preview.unfinished())
                    .append('\n');
        }
        if (!preview.steps().isEmpty()) {
            text.append("\nSteps:\n");
            for (int i = 0; i < preview.steps().size(); i++) {
                text.append("%2d. %s%n".formatted(i + 1, preview.steps().get(i)));
            }
        }
        if (preview.overridden() != null) {
            text.append("\nOverridden on the servers: ")
                    .append(preview.overridden())
                    .append('\n');
        }
        return text.append('\n')
                .append(sentence(preview.summary()))
                .append('\n')
                .toString();
    }

    private static String sentence(ImpactSummary summary) {
        String text = summary.text();
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static String shown(@Nullable String value) {
        return value == null ? "(unset)" : value.isEmpty() ? "\"\"" : value;
    }

    private static String head(String namespace, String name) {
        return "PostgresCluster %s in namespace %s%n%n".formatted(name, namespace);
    }

    static String created(String namespace, String name, boolean json) {
        return json
                ? object(namespace, name).put("created", true).toPrettyString()
                : "PostgresCluster %s does not exist in namespace %s: it would be created.".formatted(name, namespace);
    }

    static String denied(String namespace, String name, String message, boolean json) {
        return json
                ? object(namespace, name).put("refusal", message).toPrettyString() + "\n"
                : head(namespace, name) + "Rejected: %s%n".formatted(message);
    }

    static String json(String namespace, String name, Preview preview) {
        ObjectNode root = object(namespace, name).put("refusal", preview.refusal());
        var changes = root.putArray("changes");
        preview.lines()
                .forEach(line -> changes.addObject()
                        .put("field", line.field())
                        .put("from", line.from())
                        .put("to", line.to())
                        .put("cost", line.impact().text())
                        .put("text", line.text()));
        root.put("unfinished", preview.unfinished());
        root.put("overridden", preview.overridden());
        strings(root, "steps", preview.steps());
        ImpactSummary summary = preview.summary();
        strings(root, "serverRestarts", summary.servers());
        strings(root, "containerRestarts", summary.containers());
        strings(root, "newPods", summary.pods());
        strings(root, "joining", summary.joined());
        strings(root, "going", summary.removed());
        root.put("switchovers", summary.switchovers());
        return root.toPrettyString() + "\n";
    }

    private static void strings(ObjectNode root, String name, Collection<String> values) {
        values.forEach(root.putArray(name)::add);
    }

    private static ObjectNode object(String namespace, String name) {
        return JSON.createObjectNode().put("namespace", namespace).put("cluster", name);
    }
}
