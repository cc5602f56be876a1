package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.standin.SelfSigned;
import com.smoketurner.postgres.testing.values.Clusters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whom members and clients trust while authorities come and go. */
class AuthoritiesTest {
    private static final Duration LIFETIME = Duration.ofHours(10);

    private final Instant now = Instant.now();
    private final String first = authority("first");
    private final String second = authority("second");

    private static String authority(String name) {
        return new String(
                Base64.getDecoder()
                        .decode(SelfSigned.of(List.of(name)).secretData().get("tls.crt")),
                StandardCharsets.US_ASCII);
    }

    private Authorities from(Authorities known, Duration later, String... signing) {
        return known.next(List.of(signing), LIFETIME, now.plus(later));
    }

    @Test
    void oneAuthorityIsTheFileThatCertManagerWrites() {
        Authorities one = from(Authorities.NONE, Duration.ZERO, first, first);
        assertThat(one.file()).isEqualTo(first);
        assertThat(one.several()).isFalse();
        assertThat(one.note()).isEmpty();
        assertThat(from(one, LIFETIME, first)).isEqualTo(one);
    }

    @Test
    void aFormerAuthorityStaysForALifetimeOfItsCertificates() {
        Authorities both = from(from(Authorities.NONE, Duration.ZERO, first), Duration.ofHours(1), second);
        assertThat(both.file()).isEqualTo(second + first);
        assertThat(both.several()).isTrue();
        assertThat(from(both, Duration.ofHours(10), second)).isEqualTo(both);
        assertThat(from(both, Duration.ofHours(11), second).file()).isEqualTo(second);
        assertThat(from(both, Duration.ofHours(2), first, second).note())
                .as("it signs again")
                .isEmpty();
    }

    @Test
    void aSecretWithoutAnAuthorityTakesNoneAway() {
        Authorities one = from(Authorities.NONE, Duration.ZERO, first);
        assertThat(from(one, Duration.ofHours(1)).file()).isEqualTo(first);
        assertThat(from(Authorities.NONE, Duration.ZERO, "", "no certificate").isEmpty())
                .isTrue();
    }

    @Test
    void theyAreReadAsTheyAreWritten() {
        Authorities both = from(from(Authorities.NONE, Duration.ZERO, first), Duration.ofHours(1), second);
        assertThat(CaBundle.read(Optional.of(CaBundle.of(Clusters.cluster(), both))))
                .isEqualTo(both);
        assertThat(CaBundle.read(Optional.empty())).isEqualTo(Authorities.NONE);
    }
}
