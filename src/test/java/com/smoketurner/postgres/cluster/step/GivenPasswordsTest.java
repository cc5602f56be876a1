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

    private static Passwords completed(GivenPasswords given) {
        return given.completed(former -> Optional.of("generated"));
    }

    @Test
    void whatIsGivenIsInForce() {
        assertThat(completed(given("new\n", "also new"))).isEqualTo(new Passwords("new", "also new"));
        assertThat(given("new", "also new").refusal()).isEmpty();
        assertThat(given("new", "also new").incomplete()).isFalse();
    }

    @Test
    void whatIsMissingIsGenerated() {
        var one = Optional.of(
                new SecretBuilder().addToData("password", encoded("new")).build());
        GivenPasswords given = GivenPasswords.of(one, Optional.of(FORMER));
        assertThat(given.incomplete()).isTrue();
        assertThat(completed(given)).isEqualTo(new Passwords("new", "generated"));
        assertThat(given.completed(former -> former))
                .as("one that is on its way already")
                .isEqualTo(new Passwords("new", "former-replication"));
        assertThat(completed(GivenPasswords.of(Optional.empty(), Optional.empty())))
                .isEqualTo(new Passwords("generated", "generated"));
    }

    @Test
    void insteadOfWhatIsRefusedTheFormerOneStaysInForce() {
        assertThat(completed(given("new", "a\tb"))).isEqualTo(new Passwords("new", "former-replication"));
        assertThat(given("two\nlines", "a\tb").refusal())
                .contains("key password contains the control character U+000A,"
                        + " key replication-password contains the control character U+0009");
        assertThat(given("\n", "").refusal()).contains("key password is empty, key replication-password is empty");
        assertThat(completed(given("", "\r\n"))).isEqualTo(FORMER);
    }

    @Test
    void theUsersValuesStayAsTheyAre() {
        var cluster = Clusters.cluster();
        var current = secret("new\n", "a\tb");
        Map<String, String> data = CredentialsSecret.of(
                        cluster, completed(given("new\n", "a\tb")), GivenPasswords.asWritten(current))
                .getData();
        assertThat(data)
                .containsEntry("password", encoded("new\n"))
                .containsEntry("PGPASSWORD", encoded("new"))
                .containsEntry("replication-password", encoded("a\tb"))
                .containsEntry("REPLICATION_PASSWORD", encoded("former-replication"));
        assertThat(GivenPasswords.asWritten(secret("\n", "")))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("password", encoded("\n"), "replication-password", encoded("")));
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
