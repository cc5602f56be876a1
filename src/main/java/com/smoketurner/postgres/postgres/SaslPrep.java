package com.smoketurner.postgres.postgres;

import java.text.Normalizer;

/**
 * Password normalisation of RFC 4013 the way PostgreSQL and its clients do it: what the profile forbids is taken as it
 * is, so that any password works as long as both sides agree.
 */
final class SaslPrep {
    private SaslPrep() {}

    /** The form of the password both sides derive the keys from. */
    static String prepare(String password) {
        if (password.chars().allMatch(c -> c < 0x80)) {
            return password;
        }
        var mapped = new StringBuilder(password.length());
        password.codePoints().forEach(c -> {
            if (isNonAsciiSpace(c)) {
                mapped.append(' ');
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        var normalised = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        var allowed = !normalised.isEmpty()
                && normalised.codePoints().noneMatch(SaslPrep::isProhibited)
                && hasConsistentDirection(normalised);
        return allowed ? normalised : password;
    }

    /** Table C.1.2 of RFC 3454. */
    private static boolean isNonAsciiSpace(int c) {
        return c == 0x00A0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000;
    }

    /** Table B.1 of RFC 3454. */
    private static boolean isMappedToNothing(int c) {
        return c == 0x00AD
                || c == 0x034F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || c == 0x200C
                || c == 0x200D
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    /** Tables C.2 to C.9 of RFC 3454, and code points without a character. */
    private static boolean isProhibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                isNonAsciiSpace(c)
                        || c == 0x0340
                        || c == 0x0341
                        || (c >= 0x2FF0 && c <= 0x2FFB)
                        || c == 0xFFFC
                        || c == 0xFFFD;
        };
    }

    /** Section 6 of RFC 3454: right-to-left text stands alone, between two right-to-left characters. */
    private static boolean hasConsistentDirection(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return text.codePoints()
                        .noneMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int c) {
        var direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
