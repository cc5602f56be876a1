package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.naming.Annotations;

/** How a resource takes over what it did not create. */
final class Adoption {

    /** The annotation as a user writes it. */
    static final String HOW = Annotations.ADOPT + "=true";

    private Adoption() {}
}
