package com.smoketurner.postgres.testing.lint;

import com.smoketurner.postgres.testing.Resources;
import java.util.List;

/** Findings that are accepted, with a reason each. */
public final class Exceptions {
    private Exceptions() {}

    /** A check, the objects that need not pass it, where {@code *} stands for any text, and why. */
    public record Accepted(String check, String objects, String reason) {
        public boolean covers(KubeScore.Finding finding) {
            return finding.check().equals(check)
                    && finding.object().matches(objects.replace(".", "\\.").replace("*", ".*"));
        }
    }

    /** The lines of a resource that are neither empty nor comments: check, objects, reason. */
    public static List<Accepted> read(String resource) {
        return Resources.text(resource)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    String[] word = line.split("\\s+", 3);
                    if (word.length < 3) {
                        throw new IllegalStateException(resource + ": an exception without a reason: " + line);
                    }
                    return new Accepted(word[0], word[1], word[2]);
                })
                .toList();
    }
}
