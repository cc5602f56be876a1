package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in a bucket a restore finds backups, when the spec names no path and there are none at the path of the cluster itself.
 *
 * @param found paths in the bucket, without the folder of the major version; empty when there was no search or nothing was found
 */
public record SourceSearch(List<String> found) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public SourceSearch {
        found = List.copyOf(found);
    }

    /**
     * Reads the answer of {@code restore list --search} in a pod.
     *
     * @param output its standard output: one JSON object
     */
    public static SourceSearch read(String output) {
        try {
            List<String> found = new ArrayList<>();
            JSON.readTree(output).path("found").elements().forEachRemaining(path -> found.add(path.asText()));
            return new SourceSearch(found);
        } catch (JsonProcessingException e) {
            return new SourceSearch(List.of()); // It is no listing either, and that is reported.
        }
    }
}
