package com.smoketurner.postgres.kube.cache;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads text, and hands out the same String where the same short text has been read before: of the hundred texts of an object
 * two thirds are in the other ones too. A text may be evicted and read again; it is equal either way.
 */
final class InterningDeserializer extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1;

    private static final int SLOTS = 1 << 13;
    private static final int LONGEST = 100;

    /** Threads may overwrite each other's: a String is whole whoever made it. */
    private final transient @Nullable String[] known = new String[SLOTS];

    InterningDeserializer() {
        super(String.class);
    }

    @Override
    public @Nullable String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        String text = StringDeserializer.instance.deserialize(parser, context);
        if (text == null || text.length() > LONGEST) {
            return text;
        }
        int hash = text.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        String shared = known[slot];
        if (text.equals(shared)) {
            return shared;
        }
        known[slot] = text;
        return text;
    }
}
