package com.smoketurner.postgres.cluster.step;

import java.security.SecureRandom;

/** Passwords nobody can guess: 32 letters and digits, about 190 bits. */
final class PasswordSource {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 32;

    private final SecureRandom random = new SecureRandom();

    String next() {
        return random.ints(LENGTH, 0, ALPHABET.length())
                .collect(StringBuilder::new, (text, i) -> text.append(ALPHABET.charAt(i)), StringBuilder::append)
                .toString();
    }

    byte[] salt(int bytes) {
        byte[] salt = new byte[bytes];
        random.nextBytes(salt);
        return salt;
    }
}
