package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.desired.CredentialsSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import com.smoketurner.postgres.testing.values.Clusters;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GivenPasswordsTest {
    private static final Passwords FORMER = new Passwords("former", "former-replication");

    private static Optional<Secret> secret(String superuser, String replication) {
        return Optional.of(new SecretBuilder()
                .addToData("password", encoded(superuser))
                .addToData("replication-password", encoded(replication))
                .build());
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static GivenPasswords given(String superuser, String replication) {
        return GivenPasswords.of(secret(superuser, replication), Optional.of(FORMER));
    }

    @Test
    void whatIsGivenIsInForce() {
        assertThat(given("new\n", "also new").inForce()).contains(new Passwords("new", "also new"));
        assertThat(given("new", "also new").refusal()).isEmpty();
    }

    @Test
    void whatIsMissingIsGenerated() {
        GivenPasswords given = given("new", "\n");
        assertThat(given.inForce()).isEmpty();
        assertThat(given.completed(() -> "generated")).isEqualTo(new Passwords("new", "generated"));
        assertThat(GivenPasswords.of(Optional.empty(), Optional.empty()).completed(() -> "generated"))
                .isEqualTo(new Passwords("generated", "generated"));
    }

    @Test
    void insteadOfWhatIsRefusedTheFormerOneStaysInForce() {
        assertThat(given("new", "a\tb").inForce()).contains(new Passwords("new", "former-replication"));
        assertThat(given("two\nlines", "a\tb").refusal())
                .contains("key password contains the control character U+000A,"
                        + " key replication-password contains the control character U+0009");
        assertThat(GivenPasswords.of(secret("a\tb", "new"), Optional.empty()).inForce())
                .as("a new cluster has none")
                .isEmpty();
    }

    @Test
    void theUsersValuesStayAsTheyAre() {
        var cluster = Clusters.cluster();
        var current = secret("new\n", "a\tb");
        Map<String, String> data = CredentialsSecret.of(
                        cluster, given("new\n", "a\tb").completed(() -> ""), GivenPasswords.asWritten(current))
                .getData();
        assertThat(data)
                .containsEntry("password", encoded("new\n"))
                .containsEntry("PGPASSWORD", encoded("new"))
                .containsEntry("replication-password", encoded("a\tb"))
                .containsEntry("REPLICATION_PASSWORD", encoded("former-replication"));
        assertThat(GivenPasswords.asWritten(secret("\n", ""))).isEmpty();
        assertThat(GivenPasswords.asWritten(Optional.empty())).isEmpty();
    }

    @Test
    void theFormerOnesAreThoseThatTheMembersRead() {
        for (String awkward :
                new String[] {"p@ss:w/or d'%\"$&\\\u00fc\u20ac#?{x}", "\u0085\u2028", "plain", "\ud83d\ude00"}) {
            var passwords = new Passwords(awkward, "r:" + awkward);
            Secret secret =
                    PatroniSecret.of(Clusters.cluster(), passwords, new InternalSecrets("rest", new TreeMap<>()));
            assertThat(PatroniSecret.passwordsOf(secret)).contains(passwords);
        }
        assertThat(PatroniSecret.passwordsOf(new SecretBuilder().build())).isEmpty();
        assertThat(PatroniSecret.passwordsOf(new SecretBuilder()
                        .addToData("secrets.yml", encoded("something else"))
                        .build()))
                .isEmpty();
    }
}
