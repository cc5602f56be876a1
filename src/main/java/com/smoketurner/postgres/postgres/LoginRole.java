package com.smoketurner.postgres.postgres;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A role with a password of the operator's, as {@code pg_authid} has it.
 *
 * @param login it may log in
 * @param replication it may replicate
 * @param expired its password is no longer valid
 * @param verifier of its password; empty where it has none
 */
public record LoginRole(String name, boolean login, boolean replication, boolean expired, String verifier) {

    /** The statement that reads roles; its answer is for {@link #parse}. */
    public static String query(List<String> names) {
        return "SELECT rolname, rolcanlogin, rolreplication, coalesce(rolvaliduntil <= now(), false),"
                + " coalesce(rolpassword, '') FROM pg_authid WHERE rolname IN ("
                + names.stream().map(Literals::quote).collect(Collectors.joining(", ")) + ")";
    }

    /** The roles that the server answered with, one on each line. */
    public static List<LoginRole> parse(String answer) {
        return answer.lines()
                .map(line -> line.split("\\|", -1))
                .filter(fields -> fields.length == 5)
                .map(fields -> new LoginRole(
                        fields[0], fields[1].equals("t"), fields[2].equals("t"), fields[3].equals("t"), fields[4]))
                .toList();
    }

    /** The role of a name; nothing when the server has none. */
    public static Optional<LoginRole> find(List<LoginRole> roles, String name) {
        return roles.stream().filter(role -> role.name().equals(name)).findFirst();
    }

    /**
     * Why a client with this password is refused, in the server's words where it has some; nothing when it is not.
     *
     * @param role absent when the server has none of that name
     * @param replicates whether the role is to replicate
     */
    public static Optional<String> fault(Optional<LoginRole> role, String name, String password, boolean replicates) {
        if (role.isEmpty()) {
            return Optional.of("role \"%s\" does not exist".formatted(name));
        }
        LoginRole found = role.get();
        if (!Scram.verifies(found.verifier(), password)) {
            return refused(name, "its password was changed by SQL");
        }
        if (found.expired()) {
            return refused(name, "its password has expired (VALID UNTIL)");
        }
        if (!found.login()) {
            return Optional.of("role \"%s\" is not permitted to log in".formatted(name));
        }
        return replicates && !found.replication()
                ? Optional.of("role \"%s\" does not have the attribute REPLICATION".formatted(name))
                : Optional.empty();
    }

    private static Optional<String> refused(String name, String why) {
        return Optional.of("password authentication failed for user \"%s\": %s".formatted(name, why));
    }

    /**
     * The statement that makes a role usable with a password.
     *
     * @param role absent when the server has none of that name
     * @param salt of the new verifier
     */
    public static String repair(
            Optional<LoginRole> role, String name, String password, boolean replicates, byte[] salt) {
        return "%s ROLE %s LOGIN%s%s PASSWORD %s"
                .formatted(
                        role.isEmpty() ? "CREATE" : "ALTER",
                        Identifiers.quote(name),
                        replicates ? " REPLICATION" : "",
                        role.filter(LoginRole::expired).isPresent() ? " VALID UNTIL 'infinity'" : "",
                        Literals.quote(Scram.verifier(password, salt, Scram.DEFAULT_ITERATIONS)));
    }

    /** Verifiers do not belong in logs. */
    @Override
    public String toString() {
        return "LoginRole[" + name + "]";
    }
}
