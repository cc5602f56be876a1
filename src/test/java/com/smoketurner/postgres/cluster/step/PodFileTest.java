package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.postgres.PasswordFile;
import com.smoketurner.postgres.testing.values.Clusters;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PodFileTest {

    @Test
    void aDigestIsWhatSha256sumPrints() {
        assertThat(PodFile.digest("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void anotherPasswordIsAnotherFile() {
        assertThat(digest("one")).isEqualTo(digest("one")).isNotEqualTo(digest("two"));
    }

    private static String digest(String password) {
        return PodFile.digest(PatroniSecret.of(
                Clusters.cluster(),
                new Passwords(password, "replication"),
                new InternalSecrets("rest", new TreeMap<>())));
    }

    @Test
    void whatSeparatesFieldsOfAPasswordFileIsEscaped() {
        assertThat(PasswordFile.field("a:b\\c d'\"*")).isEqualTo("a\\:b\\\\c d'\"*");
    }
}
