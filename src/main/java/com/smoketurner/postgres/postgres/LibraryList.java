package com.smoketurner.postgres.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The value of {@code shared_preload_libraries} and its relatives: names with commas between them, each in double quotes or not.
 * A server that cannot read such a list says so in its log alone and loads no library at all.
 */
public final class LibraryList {

    private static final String PLUGINS = "$libdir/plugins/";

    private final List<String> names;

    private LibraryList(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** The names in a list; nothing where its syntax is wrong. */
    public static Optional<LibraryList> parse(String text) {
        var names = new ArrayList<String>();
        String rest = text.strip();
        while (!rest.isEmpty()) {
            int end;
            if (rest.startsWith("\"")) {
                end = closing(rest);
                if (end < 0) {
                    return Optional.empty();
                }
                names.add(rest.substring(1, end).replace("\"\"", "\""));
                end++;
            } else {
                int comma = rest.indexOf(',');
                end = comma < 0 ? rest.length() : comma;
                names.add(rest.substring(0, end).strip());
            }
            String behind = rest.substring(end).strip();
            boolean more = behind.startsWith(",");
            rest = more ? behind.substring(1).strip() : behind;
            if ((!more && !behind.isEmpty())
                    || (more && rest.isEmpty())
                    || names.getLast().isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new LibraryList(names));
    }

    private static int closing(String quoted) {
        int end = quoted.indexOf('"', 1);
        while (end >= 0 && end + 1 < quoted.length() && quoted.charAt(end + 1) == '"') {
            end = quoted.indexOf('"', end + 2);
        }
        return end;
    }

    /** The list of the files that {@code local_preload_libraries} names: there a bare name is one of the directory plugins. */
    public LibraryList local() {
        return new LibraryList(names.stream()
                .map(name -> name.indexOf('/') < 0 ? PLUGINS + name : name)
                .toList());
    }

    /** Both lists in one. */
    public LibraryList and(LibraryList other) {
        var all = new ArrayList<>(names);
        all.addAll(other.names);
        return new LibraryList(all);
    }

    /** The list as a server reads it. */
    public String text() {
        return names.stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    }
}
