package com.smoketurner.postgres.database;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A spec, piece by piece. */
final class Specs {
    private static final PasswordSource SOURCE = new PasswordSource();

    static final UnaryOperator<String> VERIFIER =
            password -> Scram.verifier(password, SOURCE.salt(Scram.SALT_BYTES), Scram.DEFAULT_ITERATIONS);

    /** What a resource may do in the namespace of its cluster. */
    static final Wanted.Rights HOME = new Wanted.Rights(true, true, false);

    static final Wanted.Rights ADOPTING = new Wanted.Rights(true, true, true);

    /** What it may do in another one, whatever its annotations say. */
    static final Wanted.Rights GUEST = new Wanted.Rights(false, false, false);

    private final String database;
    private final String owner;
    private final List<RoleSpec> roles = new ArrayList<>();
    private final List<GrantSpec> grants = new ArrayList<>();
    private final List<String> extensions = new ArrayList<>();

    private Specs(String database, String owner) {
        this.database = database;
        this.owner = owner;
    }

    static Specs of(String database, String owner) {
        return new Specs(database, owner);
    }

    Specs role(String name, RoleAttribute... attributes) {
        roles.add(new RoleSpec(name, List.of(attributes), null, null, null, null, List.of()));
        return this;
    }

    Specs member(String name, String... groups) {
        roles.add(new RoleSpec(name, List.of(RoleAttribute.LOGIN), null, null, null, null, List.of(groups)));
        return this;
    }

    Specs withSecret(String name, RoleAttribute... attributes) {
        roles.add(new RoleSpec(name, List.of(attributes), "secret-of-" + roles.size(), null, null, null, List.of()));
        return this;
    }

    Specs grant(String role, String tables, TablePrivilege... privileges) {
        grants.add(new GrantSpec(role, null, List.of(privileges), tables, null, null, null, null, null));
        return this;
    }

    Specs extension(String name) {
        extensions.add(name);
        return this;
    }

    PostgresDatabaseSpec spec() {
        return new PostgresDatabaseSpec(
                new ClusterRef("c", null),
                new DatabaseDefinition(database, owner, null, null, null),
                roles,
                grants,
                extensions,
                null);
    }

    /** As a resource {@code namespace/name} wants it. */
    Wanted wanted(String resource, Wanted.Rights rights, Map<String, String> passwords) {
        return Wanted.of(resource, spec(), rights, Claims.NONE, passwords);
    }

    Wanted wanted(String resource, Wanted.Rights rights) {
        return wanted(resource, rights, Map.of());
    }
}
