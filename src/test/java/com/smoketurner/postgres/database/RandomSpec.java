package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.ClusterRef;
import com.smoketurner.postgres.api.DatabaseDefinition;
import com.smoketurner.postgres.api.GrantSpec;
import com.smoketurner.postgres.api.PostgresDatabaseSpec;
import com.smoketurner.postgres.api.RoleAttribute;
import com.smoketurner.postgres.api.RoleSpec;
import com.smoketurner.postgres.api.TablePrivilege;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Specs at random, with the names and passwords that break programs which put texts together. */
final class RandomSpec {

    /** Beyond what the schema of the API takes: the statements have to be right for any. */
    private static final List<String> NAMES = List.of(
            "app",
            "reader",
            "writer",
            "_",
            "a".repeat(63),
            "select",
            "user",
            "x\"; DROP TABLE t; --",
            "o'brien",
            "back\\slash",
            "$$",
            "naïve",
            "名前",
            "Mixed Case",
            "percent%s",
            "a:b",
            ":'x'",
            "line\nbreak",
            "public");

    private static final List<String> PASSWORDS =
            List.of("plain", "it's", "quo\"te", "back\\slash", "a b@/?:#%&+", "ü€😀", "$$;--", "{\"json\":1}");

    private static final List<RoleAttribute> ATTRIBUTES = List.of(
            RoleAttribute.LOGIN,
            RoleAttribute.NOLOGIN,
            RoleAttribute.CREATEDB,
            RoleAttribute.CREATEROLE,
            RoleAttribute.REPLICATION,
            RoleAttribute.BYPASSRLS);

    private static final List<String> EXTENSIONS = List.of("uuid-ossp", "hstore", "cube", "earthdistance", "pg_trgm");
    private static final List<String> SCHEMAS = List.of("public", "side");
    private static final List<String> TABLES = List.of("t1", "Odd\"table", "v1");

    private final Random random;
    private final String prefix;

    /** @param prefix of the names, which tells the roles of one resource from those of others */
    RandomSpec(Random random, String prefix) {
        this.random = random;
        this.prefix = prefix;
    }

    /**
     * A spec.
     *
     * @param database its name, which never changes
     */
    PostgresDatabaseSpec next(String database) {
        List<RoleSpec> roles = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String name = name();
            if (roles.stream().noneMatch(role -> role.name().equals(name))) {
                roles.add(role(name, roles));
            }
        }
        List<GrantSpec> grants = new ArrayList<>();
        String owner = name();
        if (!roles.isEmpty()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                grants.add(grant(pick(roles).name()));
            }
        }
        return new PostgresDatabaseSpec(
                new ClusterRef("c", null),
                new DatabaseDefinition(database, owner, null, null, random.nextInt(3) == 0 ? 5 : null),
                roles,
                grants,
                EXTENSIONS.stream().filter(extension -> random.nextInt(4) == 0).toList(),
                null);
    }

    /** Passwords of the roles that have Secrets. */
    Map<String, String> passwords(PostgresDatabaseSpec spec) {
        Map<String, String> passwords = new LinkedHashMap<>();
        spec.roles().stream()
                .filter(role -> role.secretName() != null)
                .forEach(role -> passwords.put(role.name(), pick(PASSWORDS)));
        return passwords;
    }

    private RoleSpec role(String name, List<RoleSpec> others) {
        List<RoleAttribute> attributes =
                ATTRIBUTES.stream().filter(attribute -> random.nextInt(4) == 0).toList();
        // Of former ones only: memberships have no circles.
        List<String> groups = new ArrayList<>(others.stream()
                .filter(role -> random.nextInt(3) == 0)
                .map(RoleSpec::name)
                .toList());
        if (random.nextInt(8) == 0) {
            groups.add("pg_read_all_stats");
        }
        return new RoleSpec(
                name,
                attributes,
                random.nextBoolean() ? "secret-" + others.size() : null,
                random.nextInt(3) == 0 ? random.nextInt(50) : null,
                random.nextInt(4) == 0
                        ? Instant.ofEpochSecond(1_900_000_000L + random.nextInt(1_000_000))
                                .toString()
                        : null,
                random.nextInt(5) == 0 ? random.nextBoolean() : null,
                groups);
    }

    private GrantSpec grant(String role) {
        List<TablePrivilege> privileges = new ArrayList<>();
        for (TablePrivilege privilege : TablePrivilege.values()) {
            if (random.nextInt(5) == 0) {
                privileges.add(privilege);
            }
        }
        boolean all = random.nextBoolean();
        return new GrantSpec(
                role,
                null,
                privileges,
                all ? (random.nextBoolean() ? "ALL" : null) : pick(TABLES),
                pick(SCHEMAS),
                null,
                all ? Boolean.TRUE : null,
                random.nextInt(3) == 0,
                random.nextInt(3) == 0);
    }

    private String name() {
        String name = pick(NAMES);
        // Within 63 bytes.
        return name.length() == 63 ? prefix + name.substring(prefix.length()) : prefix + name;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
