package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterRef;
import com.smoketurner.postgres.api.DatabaseDefinition;
import com.smoketurner.postgres.api.GrantSpec;
import com.smoketurner.postgres.api.PostgresDatabaseSpec;
import com.smoketurner.postgres.api.RoleAttribute;
import com.smoketurner.postgres.api.RoleSpec;
import com.smoketurner.postgres.api.TablePrivilege;
import com.smoketurner.postgres.database.plan.Claims;
import com.smoketurner.postgres.database.plan.Wanted;
import com.smoketurner.postgres.postgres.PasswordSource;
import com.smoketurner.postgres.postgres.Scram;
import com.smoketurner.postgres.testing.server.LocalServer;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real server has after it was brought to a spec. */
class ProvisioningTest {
    private static final PasswordSource SOURCE = new PasswordSource();
    static final UnaryOperator<String> VERIFIER =
            password -> Scram.verifier(password, SOURCE.salt(Scram.SALT_BYTES), Scram.DEFAULT_ITERATIONS);

    @SuppressWarnings("NullAway.Init")
    private static LocalServer server;

    @BeforeAll
    static void start() {
        server = LocalServer.start(17);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Wanted wanted(PostgresDatabaseSpec spec, Map<String, String> passwords) {
        return Wanted.of("ns/res", spec, new Wanted.Rights(true, true, false), Claims.NONE, passwords);
    }

    @Test
    void theSample() {
        var spec = new PostgresDatabaseSpec(
                new ClusterRef("c", null),
                new DatabaseDefinition("myapp", "myapp_owner", null, null, null),
                List.of(
                        new RoleSpec(
                                "myapp_owner",
                                List.of(RoleAttribute.LOGIN, RoleAttribute.CREATEDB),
                                "s1",
                                null,
                                null,
                                null,
                                List.of()),
                        new RoleSpec(
                                "myapp_readonly", List.of(RoleAttribute.LOGIN), "s2", null, null, null, List.of())),
                List.of(new GrantSpec(
                        "myapp_readonly",
                        "myapp",
                        List.of(TablePrivilege.SELECT),
                        "ALL",
                        null,
                        null,
                        null,
                        null,
                        null)),
                List.of("uuid-ossp"),
                null);
        var sql = new JdbcSql(server);
        Provisioning.prepare(sql);
        var result = Provisioning.run(sql, wanted(spec, Map.of("myapp_owner", "a", "myapp_readonly", "b")), VERIFIER);
        assertThat(result.problems()).isEmpty();
        assertThat(sql.sent()).hasSizeBetween(20, 40);
        var again = Provisioning.run(sql, wanted(spec, Map.of("myapp_owner", "a", "myapp_readonly", "b")), VERIFIER);
        assertThat(again.made()).isEmpty();
        assertThat(sql.sent()).isEmpty();
    }
}
