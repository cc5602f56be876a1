package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.RoleSpec;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A role that the spec describes.
 *
 * @param password absent where the role has no Secret: then the operator leaves its password alone
 * @param groups roles that it is a member of
 * @param fault what cannot be understood of it
 */
public record WantedRole(
        String name,
        Attributes attributes,
        Optional<String> password,
        SortedSet<String> groups,
        Optional<String> fault) {

    static WantedRole of(RoleSpec role, Optional<String> password) {
        return new WantedRole(
                role.name(), Attributes.of(role), password, new TreeSet<>(role.inRoles()), Attributes.fault(role));
    }

    /** Passwords do not belong in logs. */
    @Override
    public String toString() {
        return "WantedRole[" + name + "]";
    }
}
