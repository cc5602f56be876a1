package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.standin.SelfSigned;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthorityChangeTest {
    private final X509Certificate authority = SelfSigned.of(List.of("one")).certificate();
    private final X509Certificate other = SelfSigned.of(List.of("two")).certificate();
    private final Instant issued = authority.getNotBefore().toInstant();

    private boolean due(X509Certificate certificate, Duration later) {
        return AuthorityChange.due(Optional.of(authority), Optional.of(certificate), issued.plus(later));
    }

    @Test
    void aCertificateByTheAuthorityStays() {
        assertThat(due(authority, Duration.ofDays(1))).isFalse();
    }

    @Test
    void oneByAnotherKeyIsIssuedAnewWhenTheBundleHasSpread() {
        assertThat(due(other, Duration.ofSeconds(119))).isFalse();
        assertThat(due(other, Duration.ofMinutes(2))).isTrue();
    }

    @Test
    void nothingIsDoneBeforeBothAreThere() {
        Instant later = issued.plus(Duration.ofDays(1));
        assertThat(AuthorityChange.due(Optional.empty(), Optional.of(other), later))
                .isFalse();
        assertThat(AuthorityChange.due(Optional.of(authority), Optional.empty(), later))
                .isFalse();
    }
}
