package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.Reason;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an object store asks for.
 *
 * @param workloadIdentity the store knows the pod by its ServiceAccount; there are no values then
 * @param values by the names in which the store's own tools take them, such as {@code AWS_ACCESS_KEY_ID}; that of
 *     {@link #GCS_KEY} is the JSON of a service account
 */
public record StoreCredentials(boolean workloadIdentity, SortedMap<String, String> values) {
    static final String S3_KEY = "AWS_ACCESS_KEY_ID";
    static final String S3_SECRET = "AWS_SECRET_ACCESS_KEY";
    static final String S3_TOKEN = "AWS_SESSION_TOKEN";
    static final String GCS_KEY = "GOOGLE_APPLICATION_CREDENTIALS";
    static final String AZURE_KEY = "AZURE_STORAGE_ACCESS_KEY";
    static final String AZURE_SAS = "AZURE_STORAGE_SAS_TOKEN";
    static final String AZURE_ENVIRONMENT = "AZURE_ENVIRONMENT_NAME";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Other keys under which a Secret may have the JSON of a service account. */
    private static final List<String> GCS_ALIASES = List.of("credentials.json", "key.json");

    public StoreCredentials {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Those of a pod whose ServiceAccount is known to the store. */
    public static StoreCredentials ofWorkloadIdentity() {
        return new StoreCredentials(true, new TreeMap<>());
    }

    /**
     * Those of a Secret; refused with the names of the keys that are missing.
     *
     * @param secret name of the Secret, for the message
     * @param data of the Secret as the API server has it: base64 by key
     */
    public static Checked<StoreCredentials> of(DestinationType type, String secret, Map<String, String> data) {
        var found = values(type, new SecretValues(data));
        var sets = required(type);
        var missing = sets.stream()
                .map(set -> set.stream().filter(key -> !found.containsKey(key)).toList())
                .toList();
        if (missing.stream().noneMatch(List::isEmpty)) {
            return refused("Backup credentials secret '%s' for the %s destination lacks %s"
                    .formatted(secret, type.label(), missing(sets, missing)));
        }
        Optional<String> broken = found.entrySet().stream()
                .filter(entry -> !usable(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
        if (broken.isPresent()) {
            return refused("Key %s of backup credentials secret '%s' must be %s"
                    .formatted(
                            broken.get(), secret, broken.get().equals(GCS_KEY) ? "a JSON object" : "one line of text"));
        }
        return Checked.accepted(new StoreCredentials(false, found));
    }

    /** The value of that name. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public String toString() {
        return workloadIdentity ? "StoreCredentials[workload identity]" : "StoreCredentials" + values.keySet();
    }

    /** Sets of keys of which one has to be complete. */
    private static List<List<String>> required(DestinationType type) {
        return switch (type) {
            case S3 -> List.of(List.of(S3_KEY, S3_SECRET));
            case GCS -> List.of(List.of(GCS_KEY));
            case AZURE ->
                List.of(
                        List.of(AZURE_KEY),
                        List.of(AZURE_SAS),
                        List.of("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"));
        };
    }

    private static SortedMap<String, String> values(DestinationType type, SecretValues secret) {
        Stream<String> optional = switch (type) {
            case S3 -> Stream.of(S3_TOKEN);
            case GCS -> Stream.of();
            case AZURE -> Stream.of(AZURE_ENVIRONMENT);
        };
        var values = new TreeMap<String, String>();
        Stream.concat(required(type).stream().flatMap(List::stream), optional)
                .forEach(key -> text(secret, key).ifPresent(value -> values.put(key, value)));
        return values;
    }

    private static Optional<String> text(SecretValues secret, String key) {
        Stream<String> names =
                key.equals(GCS_KEY) ? Stream.concat(Stream.of(key), GCS_ALIASES.stream()) : Stream.of(key);
        return names.flatMap(name -> secret.text(name).stream()).findFirst();
    }

    /** What the set that is nearest to complete lacks; all sets where none has begun. */
    private static String missing(List<List<String>> sets, List<List<String>> missing) {
        return Stream.iterate(0, i -> i < sets.size(), i -> i + 1)
                .filter(i -> missing.get(i).size() < sets.get(i).size())
                .map(missing::get)
                .min(Comparator.comparingInt(List::size))
                .map(keys -> String.join(" and ", keys))
                .orElseGet(() ->
                        sets.stream().map(keys -> String.join(" and ", keys)).collect(Collectors.joining(", or ")));
    }

    private static boolean usable(String key, String value) {
        if (!key.equals(GCS_KEY)) {
            return value.chars().noneMatch(Character::isISOControl);
        }
        try {
            return JSON.readTree(value).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static Checked<StoreCredentials> refused(String message) {
        return Checked.refused(Reason.BACKUP_CREDENTIALS_INVALID, message);
    }
}
