package com.smoketurner.postgres.kube.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads which fields the operator applied. What others own, a third of a pod, is skipped without being made into objects;
 * nobody reads it.
 */
final class OwnFields extends JsonDeserializer<List<ManagedFieldsEntry>> {

    @Override
    public List<ManagedFieldsEntry> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        var own = new ArrayList<ManagedFieldsEntry>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            try (var entry = new TokenBuffer(parser, context)) {
                if (copyOwn(parser, entry)) {
                    own.add(entry.asParserOnFirstToken().readValueAs(ManagedFieldsEntry.class));
                }
            }
        }
        return own;
    }

    /** Whether the entry is ours; the name of its owner may stand behind the fields. */
    private static boolean copyOwn(JsonParser parser, TokenBuffer entry) throws IOException {
        boolean own = true;
        entry.writeStartObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            own &= !field.equals("manager") || ApiGroup.FIELD_MANAGER.equals(parser.getText());
            if (own) {
                entry.writeFieldName(field);
                entry.copyCurrentStructure(parser);
            } else {
                parser.skipChildren();
            }
        }
        entry.writeEndObject();
        return own;
    }
}
