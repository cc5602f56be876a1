package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginRoleTest {
    private static final byte[] SALT = new byte[Scram.SALT_BYTES];
    private static final String VERIFIER = Scram.verifier("right", SALT, Scram.DEFAULT_ITERATIONS);

    private static LoginRole standby(boolean login, boolean replication, boolean expired, String verifier) {
        return new LoginRole("standby", login, replication, expired, verifier);
    }

    private static Optional<String> fault(LoginRole role) {
        return LoginRole.fault(Optional.of(role), "standby", "right", true);
    }

    @Test
    void theAnswerOfTheServerIsRead() {
        List<LoginRole> roles = LoginRole.parse("postgres|t|t|f|" + VERIFIER + "\nstandby|f|f|t|\nsomething else\n");
        assertThat(roles)
                .containsExactly(
                        new LoginRole("postgres", true, true, false, VERIFIER),
                        new LoginRole("standby", false, false, true, ""));
        assertThat(LoginRole.find(roles, "standby")).contains(roles.getLast());
        assertThat(LoginRole.find(roles, "nobody")).isEmpty();
        assertThat(roles.toString()).doesNotContain("SCRAM");
    }

    @Test
    void aRoleThatCanBeUsedIsLeftAlone() {
        assertThat(fault(standby(true, true, false, VERIFIER))).isEmpty();
        assertThat(LoginRole.fault(
                        Optional.of(new LoginRole("postgres", true, false, false, VERIFIER)),
                        "postgres",
                        "right",
                        false))
                .isEmpty();
    }

    @Test
    void aClientIsRefusedInTheseWords() {
        assertThat(fault(standby(true, true, false, Scram.verifier("wrong", SALT, Scram.DEFAULT_ITERATIONS))))
                .contains("password authentication failed for user \"standby\": its password was changed by SQL");
        assertThat(fault(standby(true, true, false, ""))).get().asString().contains("changed by SQL");
        assertThat(fault(standby(true, true, true, VERIFIER)))
                .contains(
                        "password authentication failed for user \"standby\": its password has expired (VALID UNTIL)");
        assertThat(fault(standby(false, true, false, VERIFIER)))
                .contains("role \"standby\" is not permitted to log in");
        assertThat(fault(standby(true, false, false, VERIFIER)))
                .contains("role \"standby\" does not have the attribute REPLICATION");
        assertThat(LoginRole.fault(Optional.empty(), "standby", "right", true))
                .contains("role \"standby\" does not exist");
    }

    @Test
    void theStatementMakesItUsable() {
        String password = "PASSWORD '" + VERIFIER + "'";
        assertThat(LoginRole.repair(Optional.empty(), "standby", "right", true, SALT))
                .isEqualTo("CREATE ROLE \"standby\" LOGIN REPLICATION " + password);
        assertThat(LoginRole.repair(Optional.of(standby(true, true, false, "")), "standby", "right", true, SALT))
                .isEqualTo("ALTER ROLE \"standby\" LOGIN REPLICATION " + password);
        assertThat(LoginRole.repair(
                        Optional.of(new LoginRole("postgres", true, true, true, VERIFIER)),
                        "postgres",
                        "right",
                        false,
                        SALT))
                .isEqualTo("ALTER ROLE \"postgres\" LOGIN VALID UNTIL 'infinity' " + password);
    }
}
