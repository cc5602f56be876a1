package com.smoketurner.postgres.postgres;

import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/** Passwords nobody can guess: 32 letters and digits, about 190 bits. */
public final class PasswordSource {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 32;

    private final SecureRandom random = new SecureRandom();

    /** The password that a Secret has under a key, if there is such a Secret; a new one otherwise. */
    public String kept(Optional<Secret> secret, String key) {
        return GivenPassword.of(secret, key) instanceof GivenPassword.Given(String password) ? password : next();
    }

    public String next() {
        return random.ints(LENGTH, 0, ALPHABET.length())
                .collect(StringBuilder::new, (text, i) -> text.append(ALPHABET.charAt(i)), StringBuilder::append)
                .toString();
    }

    /** Bytes that are never the same again. */
    public byte[] salt(int bytes) {
        byte[] salt = new byte[bytes];
        random.nextBytes(salt);
        return salt;
    }
}
