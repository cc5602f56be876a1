package com.smoketurner.postgres.kube.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserSequence;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the object of a watch event as it comes. Only what stands before its kind and its API version, as a rule nothing, is
 * kept until the type is known.
 */
final class WatchedObject extends JsonDeserializer<Object> {
    private final KubernetesSerialization json;

    WatchedObject(KubernetesSerialization json) {
        this.json = json;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try (var begin = new TokenBuffer(parser, context)) {
            begin.writeStartObject();
            String kind = null;
            String apiVersion = null;
            while ((kind == null || apiVersion == null) && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                kind = field.equals("kind") ? parser.getText() : kind;
                apiVersion = field.equals("apiVersion") ? parser.getText() : apiVersion;
                begin.writeFieldName(field);
                begin.copyCurrentStructure(parser);
            }
            if (parser.currentToken() == JsonToken.END_OBJECT) {
                begin.writeEndObject();
            }
            var whole = JsonParserSequence.createFlattened(false, begin.asParser(parser), parser);
            whole.nextToken();
            return context.readValue(whole, type(apiVersion, kind));
        }
    }

    private Class<?> type(@Nullable String apiVersion, @Nullable String kind) {
        Class<?> registered = json.getRegisteredKubernetesResource(apiVersion, kind);
        return registered == null ? GenericKubernetesResource.class : registered;
    }
}
