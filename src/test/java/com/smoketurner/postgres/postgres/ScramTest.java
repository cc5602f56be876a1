package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTest {
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

    /** The exchange printed in section 3 of RFC 7677: user "user", password "pencil". */
    private static final String EXCHANGE = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    @Test
    void agreesWithTheExchangeOfTheRfc() throws GeneralSecurityException {
        var verifier = Scram.verifier("pencil", SALT, 4096);

        assertThat(verifier).startsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$");
        var keys = verifier.substring(verifier.lastIndexOf('$') + 1).split(":", -1);
        var storedKey = Base64.getDecoder().decode(keys[0]);
        var serverKey = Base64.getDecoder().decode(keys[1]);
        assertThat(hmac(serverKey)).isEqualTo(decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        var clientKey = xor(decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), hmac(storedKey));
        assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey)).isEqualTo(storedKey);
    }

    @Test
    void normalisesPasswordsAsPostgresDoes() {
        // Examples of RFC 4013, and what it forbids or does not know: taken as it is.
        assertThat(SaslPrep.prepare("I\u00ADX")).isEqualTo("IX");
        assertThat(SaslPrep.prepare("user")).isEqualTo("user");
        assertThat(SaslPrep.prepare("USER")).isEqualTo("USER");
        assertThat(SaslPrep.prepare("\u00AA")).isEqualTo("a");
        assertThat(SaslPrep.prepare("\u2168")).isEqualTo("IX");
        assertThat(SaslPrep.prepare("a\u00A0b")).isEqualTo("a b");
        assertThat(SaslPrep.prepare("\u0007")).isEqualTo("\u0007");
        assertThat(SaslPrep.prepare("\u00e9\u0007")).isEqualTo("\u00e9\u0007");
        assertThat(SaslPrep.prepare("\u06271")).isEqualTo("\u06271");
        assertThat(SaslPrep.prepare("\u00AD")).isEqualTo("\u00AD");
    }

    @Test
    void knowsItsOwnVerifiers() {
        var verifier = Scram.verifier("pencil", SALT, Scram.DEFAULT_ITERATIONS);
        assertThat(Scram.verifies(verifier, "pencil")).isTrue();
        assertThat(Scram.verifies(verifier, "pencils")).isFalse();
        assertThat(Scram.verifies(Scram.verifier("I\u00ADX", SALT, Scram.DEFAULT_ITERATIONS), "IX"))
                .as("as PostgreSQL normalises it")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "md5d8578edf8458ce06fbc5bb76a58c5ca4",
                "SCRAM-SHA-256$4096:nobase64!$a:b",
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$",
                "SCRAM-SHA-256$4096:$a:b"
            })
    void takesNothingElseForOne(String verifier) {
        assertThat(Scram.verifies(verifier, "pencil")).isFalse();
    }

    @Test
    void setsAVerifierOfAnotherEffortAnew() {
        assertThat(Scram.verifies(Scram.verifier("pencil", SALT, 1), "pencil")).isFalse();
    }

    @Test
    void refusesAnEmptyPassword() {
        assertThatIllegalArgumentException().isThrownBy(() -> Scram.verifier("", SALT, 4096));
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static byte[] hmac(byte[] key) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(EXCHANGE.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] xor(byte[] a, byte[] b) {
        var result = new byte[a.length];
        for (var i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }
}
