package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Commands of the documentation, which are run as they are written there, from the root of the checkout. */
public final class Documented {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final String FENCE = "```";

    private Documented() {}

    /**
     * The commands of one block below a heading.
     *
     * @param block counted from 0
     */
    public static List<String> commands(String page, String heading, int block) {
        String[] blocks = section(page, heading).split("(?m)^" + FENCE + ".*$", -1);
        return Arrays.stream(blocks[2 * block + 1].replaceAll("\\\\\n\\s*", "").split("\n", -1))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String section(String page, String heading) {
        try {
            String text = Files.readString(Project.file(page, "it is part of the documentation"));
            String start = "\n## " + heading + "\n";
            int begin = text.indexOf(start);
            if (begin < 0) {
                throw new IllegalStateException(page + " has no section " + heading);
            }
            int end = text.indexOf("\n## ", begin + start.length());
            return text.substring(begin, end < 0 ? text.length() : end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command of kubectl as the administrator. It must succeed. */
    public static void run(Lab lab, String command) {
        List<String> words = words(command);
        if (!words.getFirst().equals("kubectl")) {
            throw new IllegalStateException("not a command of kubectl: " + command);
        }
        lab.kubectl("", words.subList(1, words.size())).orThrow();
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        WORD.matcher(command)
                .results()
                .forEach(word -> words.add(word.group(1) != null ? word.group(1) : word.group(2)));
        return words;
    }
}
