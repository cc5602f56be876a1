package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.sql.HeldPoolers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Holds the poolers of a cluster until they know the new passwords, as for those of the cluster itself (docs/adr/0019). */
record PooledPasswords(HeldPoolers poolers, PostgresCluster cluster) implements PasswordChange {

    @Override
    public boolean around(Map<String, String> passwords, BooleanSupplier change) {
        List<HeldPoolers.Held> held = new ArrayList<>();
        boolean made = false;
        try {
            passwords.forEach((role, password) -> held.add(poolers.hold(cluster, role, password)));
            made = change.getAsBoolean();
            return made;
        } finally {
            if (made) {
                held.forEach(HeldPoolers.Held::await);
            } else {
                held.forEach(HeldPoolers.Held::cancel);
            }
        }
    }
}
