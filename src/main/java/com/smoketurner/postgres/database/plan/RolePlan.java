package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.postgres.Scram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What makes the roles what they are to be. */
final class RolePlan {

    private static final String NOT_OF_NAMESPACE =
            "role \"%s\" exists, and no PostgresDatabase of this namespace has created it; use another name";

    private final Wanted wanted;
    private final ServerFacts facts;
    private final UnaryOperator<String> verifier;
    private final List<Change> changes = new ArrayList<>();
    private final List<Change> passwords = new ArrayList<>();
    private final List<Change> memberships = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Roles that are there when the changes are made. */
    private final SortedSet<String> present;

    /** Roles that are not touched. */
    private final SortedSet<String> refused = new TreeSet<>();

    /**
     * @param verifier makes one of a password, with a new salt
     */
    RolePlan(Wanted wanted, ServerFacts facts, UnaryOperator<String> verifier) {
        this.wanted = wanted;
        this.facts = facts;
        this.verifier = verifier;
        present = new TreeSet<>(facts.roles().keySet());
        wanted.roles().forEach(this::role);
        if (!wanted.describes(wanted.database().owner())) {
            owner(wanted.database().owner());
        }
        wanted.roles().stream().filter(role -> !refused.contains(role.name())).forEach(this::memberships);
        revokeMemberships();
        retire();
    }

    List<Change> changes() {
        return changes;
    }

    /** Of roles that are there. */
    List<Change> passwords() {
        return passwords;
    }

    /** Those that PostgreSQL refuses, such as a circle, keep back nothing else. */
    List<Change> memberships() {
        return memberships;
    }

    /** Roles that are not touched. */
    SortedSet<String> refused() {
        return refused;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Whether a role is there when these changes are made, and this resource may use it. */
    boolean usable(String role) {
        return present.contains(role) && !refused.contains(role);
    }

    private void role(WantedRole role) {
        if (role.fault().isPresent()) {
            refused.add(role.name());
            problems.add(new Problem(
                    DatabaseConditionType.ROLES_CREATED,
                    DatabaseReason.PROVISIONING_FAILED,
                    role.fault().get()));
            return;
        }
        List<String> privileged = role.attributes().privileged(wanted.rights().home());
        if (!privileged.isEmpty() && !wanted.rights().privileged()) {
            refused.add(role.name());
            notPermitted("attribute %s of role \"%s\"".formatted(String.join(", ", privileged), role.name()));
            return;
        }
        ServerFacts.Role found = facts.roles().get(role.name());
        if (found == null) {
            if (!claimed(role.name())) {
                changes.add(new Change.CreateRole(
                        role.name(), role.attributes(), role.password().map(verifier)));
                changes.add(new Change.Note(noted(Noted.Kind.ROLE, role.name())));
                present.add(role.name());
            }
            return;
        }
        if (!ours(role.name(), found)) {
            return;
        }
        if (!found.attributes().equals(role.attributes())) {
            changes.add(new Change.AlterRole(role.name(), found.attributes(), role.attributes()));
        }
        role.password()
                .filter(password -> !Scram.verifies(found.verifier(), password))
                .ifPresent(password -> passwords.add(new Change.SetPassword(role.name(), verifier.apply(password))));
    }

    /** An owner that is not described: it is made where there is none, and stays as it is where there is one. */
    private void owner(String name) {
        if (claimed(name)) {
            return;
        }
        ServerFacts.Role found = facts.roles().get(name);
        if (found == null) {
            changes.add(new Change.CreateRole(name, Attributes.NONE, Optional.empty()));
            changes.add(new Change.Note(noted(Noted.Kind.ROLE, name)));
            present.add(name);
        } else if (found.privileged() && !wanted.rights().privileged()) {
            refused.add(name);
            notPermitted("role \"%s\" as the owner, which has attributes of a superuser,".formatted(name));
        } else if (!wanted.rights().home() && !ofNamespace(name)) {
            conflict(name, NOT_OF_NAMESPACE.formatted(name));
        }
    }

    private boolean claimed(String role) {
        String why = wanted.claims().roles().get(role);
        if (why != null) {
            conflict(role, why);
        }
        return why != null;
    }

    /** Whether an existing role may be changed; notes it where it was another resource's before. */
    private boolean ours(String role, ServerFacts.Role found) {
        if (claimed(role)) {
            return false;
        }
        List<Noted> entries = facts.about(role, Noted.Kind.ROLE, Noted.Kind.ADOPTED_ROLE);
        if (entries.stream().anyMatch(entry -> entry.resource().equals(wanted.resource()))) {
            return true;
        }
        if (ofNamespace(role)) {
            // Of a resource that is gone, or that describes it in the same way.
            changes.add(new Change.Note(noted(
                    entries.stream()
                            .map(Noted::kind)
                            .filter(Noted.Kind::created)
                            .findFirst()
                            .orElse(Noted.Kind.ADOPTED_ROLE),
                    role)));
            return true;
        }
        if (!wanted.rights().home()) {
            conflict(role, NOT_OF_NAMESPACE.formatted(role));
            return false;
        }
        if (!wanted.rights().adopts()) {
            conflict(
                    role,
                    ("role \"%s\" exists, and the operator has not created it; use another name, or set the annotation %s"
                                    + " on this resource: then it gets the attributes and the password that stand here")
                            .formatted(role, Adoption.HOW));
            return false;
        }
        if (found.privileged() && !wanted.rights().privileged()) {
            refused.add(role);
            notPermitted("role \"%s\", which has attributes of a superuser,".formatted(role));
            return false;
        }
        changes.add(new Change.Note(noted(Noted.Kind.ADOPTED_ROLE, role)));
        return true;
    }

    private boolean ofNamespace(String role) {
        return facts.about(role, Noted.Kind.ROLE, Noted.Kind.ADOPTED_ROLE).stream()
                .anyMatch(entry -> entry.namespace().equals(wanted.namespace()));
    }

    private void memberships(WantedRole role) {
        for (String group : role.groups()) {
            if (Reserved.role(group) || refused.contains(group)) {
                notPermitted("membership of role \"%s\" in \"%s\"".formatted(role.name(), group));
            } else if (!present.contains(group)) {
                problems.add(new Problem(
                        DatabaseConditionType.ROLES_CREATED,
                        DatabaseReason.OBJECT_NOT_FOUND,
                        "role \"%s\" is to be a member of \"%s\", which does not exist; create it, or list it under roles"
                                .formatted(role.name(), group)));
            } else if (!wanted.rights().privileged() && reachesBeyond(group)) {
                notPermitted("membership of role \"%s\" in \"%s\"".formatted(role.name(), group));
            } else if (!memberOf(role.name(), group)) {
                memberships.add(new Change.GrantMembership(role.name(), group));
                memberships.add(new Change.Note(Noted.membership(role.name(), group, wanted.resource())));
            }
        }
    }

    /** Whether a role has more than what this resource gives: it is another's, or privileged. */
    private boolean reachesBeyond(String group) {
        ServerFacts.Role found = facts.roles().get(group);
        return !wanted.describes(group) || Reserved.predefined(group) || (found != null && found.privileged());
    }

    private boolean memberOf(String role, String group) {
        ServerFacts.Role found = facts.roles().get(role);
        return found != null && found.memberOf().contains(group);
    }

    private void revokeMemberships() {
        for (Noted entry : facts.ofResource(wanted.resource())) {
            if (entry.kind() != Noted.Kind.MEMBERSHIP) {
                continue;
            }
            boolean stays = wanted.roles().stream()
                    .anyMatch(role ->
                            role.name().equals(entry.member()) && role.groups().contains(entry.group()));
            if (!stays) {
                if (memberOf(entry.member(), entry.group())) {
                    memberships.add(new Change.RevokeMembership(entry.member(), entry.group()));
                }
                memberships.add(new Change.Forget(entry));
            }
        }
    }

    /** A role that the spec no longer names stays, because it may own something; nobody logs in as it any more. */
    private void retire() {
        for (Noted entry : facts.ofResource(wanted.resource())) {
            String name = entry.object();
            ServerFacts.Role found = facts.roles().get(name);
            boolean last = facts.about(name, Noted.Kind.ROLE, Noted.Kind.ADOPTED_ROLE).stream()
                    .noneMatch(other -> wanted.claims().live().contains(other.resource()));
            if (entry.kind() == Noted.Kind.ROLE
                    && !wanted.describes(name)
                    && last
                    && found != null
                    && found.attributes().login()) {
                changes.add(new Change.Retire(name));
            }
        }
    }

    private Noted noted(Noted.Kind kind, String object) {
        return new Noted(kind, object, wanted.resource());
    }

    private void conflict(String role, String message) {
        refused.add(role);
        problems.add(new Problem(DatabaseConditionType.ROLES_CREATED, DatabaseReason.ROLE_CONFLICT, message));
    }

    private void notPermitted(String what) {
        problems.add(new Problem(
                DatabaseConditionType.ROLES_CREATED,
                DatabaseReason.PRIVILEGE_NOT_PERMITTED,
                what + " is not permitted; " + Reserved.WHO_MAY));
    }
}
