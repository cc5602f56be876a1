package com.smoketurner.postgres.backup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a Secret.
 *
 * @param data as the API server has it: base64 by key
 */
record SecretValues(Map<String, String> data) {

    SecretValues {
        data = Map.copyOf(data);
    }

    /** The bytes of a key; nothing when the key is absent or empty. */
    Optional<byte[]> bytes(String key) {
        return Optional.ofNullable(data.get(key))
                .map(value -> Base64.getDecoder().decode(value))
                .filter(value -> value.length > 0);
    }

    /** The text of a key without the white space at its end, which files and here-documents bring along; else nothing. */
    Optional<String> text(String key) {
        return bytes(key).flatMap(SecretValues::utf8).map(String::stripTrailing).filter(value -> !value.isEmpty());
    }

    /** The bytes as text; nothing when they are none. */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "SecretValues" + data.keySet();
    }
}
