package com.smoketurner.postgres.postgres;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A password as a person has written it into a Secret. One rule for all Secrets: a line break at the end, as {@code echo}
 * leaves it, is not part of the password, and other control characters are refused. They do not survive the files and variables
 * that a password passes through, so a client and the server would have different ones. So is an empty value, which is what a
 * pipeline leaves that has failed; one that is to be generated is left out.
 */
public sealed interface GivenPassword {

    /** A password. */
    record Given(String password) implements GivenPassword {
        /** Passwords do not belong in logs. */
        @Override
        public String toString() {
            return "Given[]";
        }
    }

    /** There is none. */
    record Missing() implements GivenPassword {}

    /**
     * A value that is no password.
     *
     * @param why a clause, such as {@code is empty}
     */
    record Refused(String why) implements GivenPassword {}

    /** The password under a key of a Secret. */
    static GivenPassword of(Optional<Secret> secret, String key) {
        return secret.map(Secret::getData)
                .map(data -> data.get(key))
                .map(value -> of(Base64.getDecoder().decode(value)))
                .orElseGet(Missing::new);
    }

    /** The password that these bytes are. */
    static GivenPassword of(byte[] value) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Refused("is not UTF-8 text");
        }
        String password = withoutLineBreak(text);
        Optional<String> why = password.codePoints()
                .filter(Character::isISOControl)
                .mapToObj("contains the control character U+%04X"::formatted)
                .findFirst();
        if (why.isPresent()) {
            return new Refused(why.get());
        }
        return password.isEmpty() ? new Refused("is empty") : new Given(password);
    }

    private static String withoutLineBreak(String text) {
        int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
        return text.substring(0, text.length() - end);
    }
}
