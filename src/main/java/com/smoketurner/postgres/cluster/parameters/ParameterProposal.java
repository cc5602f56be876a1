package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.postgres.LibraryList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that servers are to get, for a judgement before they do.
 *
 * @param values those whose values are to be judged one by one
 * @param present all that are configured now
 * @param wanted all that are to be configured
 * @param own what each member sets for itself besides
 * @param memory what the container of a server may use, in bytes; null where it has no limit
 */
public record ParameterProposal(
        Map<String, String> values,
        Map<String, String> present,
        Map<String, String> wanted,
        Map<String, String> own,
        @Nullable Long memory) {

    static final String SHARED = "shared_preload_libraries";
    static final String SESSION = "session_preload_libraries";
    static final String LOCAL = "local_preload_libraries";

    static final String SHARED_BUFFERS = "shared_buffers";

    public ParameterProposal {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        present = Map.copyOf(present);
        wanted = Map.copyOf(wanted);
        own = Map.copyOf(own);
    }

    String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** The values that the server can judge one by one, and the one that tells what its shared memory is for. */
    SortedMap<String, String> asked() {
        var asked = new TreeMap<>(values);
        asked.keySet().removeIf(name -> name.indexOf('.') >= 0); // These belong to extensions.
        String buffers = wanted.get(SHARED_BUFFERS);
        if (buffers != null) {
            asked.put(SHARED_BUFFERS, buffers);
        }
        return asked;
    }

    /** The parameters of a start. */
    Map<String, String> own(Map<String, String> parameters) {
        var all = new TreeMap<>(parameters);
        all.putAll(own);
        return all;
    }

    /** Parameters of a start that loads the libraries which otherwise each connection loads; nothing if none is to be judged. */
    Optional<Map<String, String>> connectionLibraries() {
        if (!values.containsKey(SESSION) && !values.containsKey(LOCAL)) {
            return Optional.empty();
        }
        LibraryList nothing = LibraryList.parse("").orElseThrow();
        LibraryList session = list(SESSION).orElse(nothing);
        LibraryList local = list(LOCAL).map(LibraryList::local).orElse(nothing);
        var parameters = new TreeMap<>(Map.of(SHARED, session.and(local).text()));
        String path = wanted.get("dynamic_library_path");
        if (path != null) {
            parameters.put("dynamic_library_path", path);
        }
        return Optional.of(parameters);
    }

    /** The first parameter to be judged whose list of libraries cannot be read. */
    Optional<String> unreadableList() {
        return Stream.of(SHARED, SESSION, LOCAL)
                .filter(values::containsKey)
                .filter(name -> list(name).isEmpty())
                .findFirst();
    }

    private Optional<LibraryList> list(String name) {
        return LibraryList.parse(value(name));
    }
}
