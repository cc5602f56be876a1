package com.smoketurner.postgres.database;

import java.util.Map;
import java.util.function.BooleanSupplier;

/** What is done around a change of passwords, so that sessions which are open survive it. */
interface PasswordChange {

    /** Where nothing is to be done. */
    PasswordChange ALONE = (passwords, change) -> change.getAsBoolean();

    /**
     * Makes a change.
     *
     * @param passwords that roles get by it, by their names; may be empty
     * @param change answers whether it was made
     * @return the same
     */
    boolean around(Map<String, String> passwords, BooleanSupplier change);
}
