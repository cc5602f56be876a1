package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.postgres.Identifiers;
import com.smoketurner.postgres.postgres.Literals;
import java.util.List;
import java.util.Optional;

/** One statement. Names are always quoted as identifiers, values as literals. */
public sealed interface Change {

    /** The statement without its semicolon. It may have the verifier of a password: it belongs in no log. */
    String sql();

    /** A role is made, with or without a password. */
    record CreateRole(String role, Attributes attributes, Optional<String> verifier) implements Change {
        @Override
        public String sql() {
            String clauses = Attributes.NONE.clausesTo(attributes);
            return "CREATE ROLE %s%s%s"
                    .formatted(
                            Identifiers.quote(role),
                            clauses.isEmpty() ? "" : " " + clauses,
                            verifier.map(text -> " PASSWORD " + Literals.quote(text))
                                    .orElse(""));
        }

        @Override
        public String toString() {
            return "CreateRole[" + role + "]";
        }
    }

    record AlterRole(String role, Attributes before, Attributes wanted) implements Change {
        @Override
        public String sql() {
            return "ALTER ROLE %s %s".formatted(Identifiers.quote(role), before.clausesTo(wanted));
        }
    }

    /** Nobody logs in as the role any more. */
    record Retire(String role) implements Change {
        @Override
        public String sql() {
            return "ALTER ROLE %s NOLOGIN".formatted(Identifiers.quote(role));
        }
    }

    record SetPassword(String role, String verifier) implements Change {
        @Override
        public String sql() {
            return "ALTER ROLE %s PASSWORD %s".formatted(Identifiers.quote(role), Literals.quote(verifier));
        }

        @Override
        public String toString() {
            return "SetPassword[" + role + "]";
        }
    }

    record GrantMembership(String role, String group) implements Change {
        @Override
        public String sql() {
            return "GRANT %s TO %s".formatted(Identifiers.quote(group), Identifiers.quote(role));
        }
    }

    record RevokeMembership(String role, String group) implements Change {
        @Override
        public String sql() {
            return "REVOKE %s FROM %s".formatted(Identifiers.quote(group), Identifiers.quote(role));
        }
    }

    /** Not within a transaction. */
    record CreateDatabase(String name, String owner, String encoding, Optional<String> locale, int connectionLimit)
            implements Change {
        @Override
        public String sql() {
            // template1 may have anything, and another encoding or locale.
            return "CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING %s%s CONNECTION LIMIT %d"
                    .formatted(
                            Identifiers.quote(name),
                            Identifiers.quote(owner),
                            Literals.quote(encoding),
                            locale.map(text -> " LOCALE_PROVIDER libc LOCALE " + Literals.quote(text))
                                    .orElse(""),
                            connectionLimit);
        }
    }

    record SetOwner(String database, String owner) implements Change {
        @Override
        public String sql() {
            return "ALTER DATABASE %s OWNER TO %s".formatted(Identifiers.quote(database), Identifiers.quote(owner));
        }
    }

    record SetConnectionLimit(String database, int limit) implements Change {
        @Override
        public String sql() {
            return "ALTER DATABASE %s CONNECTION LIMIT %d".formatted(Identifiers.quote(database), limit);
        }
    }

    record RevokeConnectFromPublic(String database) implements Change {
        @Override
        public String sql() {
            return "REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(Identifiers.quote(database));
        }
    }

    /** What is done with a privilege, of which several can be named in one statement. */
    sealed interface OfPrivilege extends Change {
        Privilege privilege();

        /** The same with another one. */
        OfPrivilege with(Privilege other);
    }

    record Grant(String database, Privilege privilege) implements OfPrivilege {
        @Override
        public Grant with(Privilege other) {
            return new Grant(database, other);
        }

        @Override
        public String sql() {
            return "GRANT %s ON %s TO %s"
                    .formatted(privilege.name(), privilege.target(database), Identifiers.quote(privilege.role()));
        }
    }

    record Revoke(String database, Privilege privilege) implements OfPrivilege {
        @Override
        public Revoke with(Privilege other) {
            return new Revoke(database, other);
        }

        @Override
        public String sql() {
            return "REVOKE %s ON %s FROM %s"
                    .formatted(privilege.name(), privilege.target(database), Identifiers.quote(privilege.role()));
        }
    }

    /** The privilege on what a role will create. */
    record GrantDefault(String creator, Privilege privilege) implements OfPrivilege {
        @Override
        public GrantDefault with(Privilege other) {
            return new GrantDefault(creator, other);
        }

        @Override
        public String sql() {
            return "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s GRANT %s ON %s TO %s"
                    .formatted(
                            Identifiers.quote(creator),
                            Identifiers.quote(privilege.schema()),
                            privilege.name(),
                            privilege.scope().plural(),
                            Identifiers.quote(privilege.role()));
        }
    }

    record RevokeDefault(String creator, Privilege privilege) implements OfPrivilege {
        @Override
        public RevokeDefault with(Privilege other) {
            return new RevokeDefault(creator, other);
        }

        @Override
        public String sql() {
            return "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s REVOKE %s ON %s FROM %s"
                    .formatted(
                            Identifiers.quote(creator),
                            Identifiers.quote(privilege.schema()),
                            privilege.name(),
                            privilege.scope().plural(),
                            Identifiers.quote(privilege.role()));
        }
    }

    /** The statements that are sent for it. */
    default List<String> statements() {
        return List.of(sql());
    }

    /**
     * An extension is created.
     *
     * @param schema absent where the extension itself says which
     * @param role in whose name it is created; absent for the superuser's
     */
    record CreateExtension(String name, Optional<String> schema, Optional<String> role) implements Change {
        @Override
        public List<String> statements() {
            return role.map(text -> List.of("SET ROLE " + Identifiers.quote(text), sql(), "RESET ROLE"))
                    .orElseGet(() -> List.of(sql()));
        }

        @Override
        public String sql() {
            return "CREATE EXTENSION IF NOT EXISTS %s%s"
                    .formatted(
                            Identifiers.quote(name),
                            schema.map(text -> " SCHEMA " + Identifiers.quote(text))
                                    .orElse(""));
        }
    }

    /** The registry notes what the operator has made. */
    record Note(Noted noted) implements Change {
        @Override
        public String sql() {
            return Registry.insert(noted);
        }
    }

    /** The registry forgets it. */
    record Forget(Noted noted) implements Change {
        @Override
        public String sql() {
            return Registry.delete(noted);
        }
    }

    /** Nobody connects to the database any more. */
    record CloseDatabase(String name) implements Change {
        @Override
        public String sql() {
            return "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(Identifiers.quote(name));
        }
    }

    /** Not within a transaction. */
    record DropDatabase(String name) implements Change {
        @Override
        public List<String> statements() {
            // An interrupted one leaves a database that nobody can use.
            return List.of("SET statement_timeout = 0", sql());
        }

        @Override
        public String sql() {
            return "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(Identifiers.quote(name));
        }
    }

    /** The privileges of a role that owns nothing in the present database. */
    record DropPrivileges(String role) implements Change {
        @Override
        public String sql() {
            return "DROP OWNED BY %s RESTRICT".formatted(Identifiers.quote(role));
        }
    }

    record DropRole(String role) implements Change {
        @Override
        public String sql() {
            return "DROP ROLE IF EXISTS %s".formatted(Identifiers.quote(role));
        }
    }
}
