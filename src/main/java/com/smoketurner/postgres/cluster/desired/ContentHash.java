package com.smoketurner.postgres.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.smoketurner.postgres.naming.Fingerprint;

/** A short fingerprint of a part of an object: a pod whose template has another one is outdated. */
public final class ContentHash {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ContentHash() {}

    public static String of(Object part) {
        try {
            // As maps, because only the order of their entries does not depend on the model's version.
            return Fingerprint.of(MAPPER.writeValueAsString(MAPPER.convertValue(part, Object.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot compute the hash of a part of an object", e);
        }
    }
}
