package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenPasswordTest {

    private static GivenPassword of(String text) {
        return GivenPassword.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static GivenPassword given(String password) {
        return new GivenPassword.Given(password);
    }

    @Test
    void oneLineBreakAtTheEndIsNotPartOfIt() {
        assertThat(of("secret\n")).isEqualTo(given("secret"));
        assertThat(of("secret\r\n")).isEqualTo(given("secret"));
        assertThat(of(" secret \n")).as("blanks are part of it").isEqualTo(given(" secret "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void anEmptyValueIsRefused(String text) {
        assertThat(of(text)).isEqualTo(new GivenPassword.Refused("is empty"));
    }

    @Test
    void otherControlCharactersAreRefused() {
        Map.of(
                        "secret\n\n", "000A",
                        "secret\r", "000D",
                        "\nsecret", "000A",
                        "two\nlines", "000A",
                        "a\tb", "0009",
                        "a\0b", "0000",
                        "a\u007Fb", "007F",
                        "a\u0085b", "0085")
                .forEach((text, code) -> assertThat(of(text))
                        .isEqualTo(new GivenPassword.Refused("contains the control character U+" + code)));
    }

    @Test
    void everyOtherCharacterIsTaken() {
        String printable = IntStream.rangeClosed(' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(of(printable)).isEqualTo(given(printable));
        assertThat(of("p@ss:w/or d'%\"$&\u00fc\u20ac#?{x}\u2028\ud83d\ude00"))
                .isEqualTo(given("p@ss:w/or d'%\"$&\u00fc\u20ac#?{x}\u2028\ud83d\ude00"));
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThat(GivenPassword.of(new byte[] {'a', (byte) 0xff}))
                .isEqualTo(new GivenPassword.Refused("is not UTF-8 text"));
    }

    @Test
    void itIsReadFromAKeyOfASecretAndShownToNobody() {
        var secret = Optional.of(new SecretBuilder()
                .addToData("password", Base64.getEncoder().encodeToString("secret\n".getBytes(StandardCharsets.UTF_8)))
                .build());
        assertThat(GivenPassword.of(secret, "password")).isEqualTo(given("secret"));
        assertThat(GivenPassword.of(secret, "other")).isEqualTo(new GivenPassword.Missing());
        assertThat(GivenPassword.of(Optional.empty(), "password")).isEqualTo(new GivenPassword.Missing());
        assertThat(GivenPassword.of(Optional.of(new SecretBuilder().build()), "password"))
                .isEqualTo(new GivenPassword.Missing());
        assertThat(given("secret").toString()).doesNotContain("secret");
    }
}
