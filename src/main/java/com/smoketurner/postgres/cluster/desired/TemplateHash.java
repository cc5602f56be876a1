package com.smoketurner.postgres.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/** A short fingerprint of a pod template: pods that carry another one are outdated. */
final class TemplateHash {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private TemplateHash() {}

    static String of(PodTemplateSpec template) {
        try {
            // As maps, because only the order of their entries does not depend on the model's version.
            return Fingerprint.of(MAPPER.writeValueAsString(MAPPER.convertValue(template, Map.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot compute the hash of a pod template", e);
        }
    }
}
