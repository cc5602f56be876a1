package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.standin.SelfSigned;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthorityChangeTest {
    private final X509Certificate authority = SelfSigned.of(List.of("one")).certificate();
    private final X509Certificate other = SelfSigned.of(List.of("two")).certificate();
    private final Instant issued = authority.getNotBefore().toInstant();

    private static Optional<Instant> due(X509Certificate authority, X509Certificate certificate) {
        return AuthorityChange.due(Optional.of(authority), Optional.of(certificate));
    }

    @Test
    void aCertificateByTheAuthorityStays() {
        assertThat(due(authority, authority)).isEmpty();
    }

    @Test
    void oneByAnotherKeyIsIssuedAnewWhenTheBundleHasSpread() {
        assertThat(due(authority, other)).contains(issued.plusSeconds(120));
    }

    @Test
    void nothingIsDoneBeforeBothAreThere() {
        assertThat(AuthorityChange.due(Optional.empty(), Optional.of(other))).isEmpty();
        assertThat(AuthorityChange.due(Optional.of(authority), Optional.empty()))
                .isEmpty();
    }
}
