package com.smoketurner.postgres.e2e;

import com.smoketurner.postgres.testing.user.Namespace;
import org.junit.jupiter.api.Tag;

/** The same on PostgreSQL 18. */
@Tag("soak")
class Database18E2E extends DatabaseE2E {

    Database18E2E(Namespace ns) {
        super(ns);
    }

    @Override
    String version() {
        return "18";
    }
}
