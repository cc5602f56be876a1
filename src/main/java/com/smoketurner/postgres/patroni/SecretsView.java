package com.smoketurner.postgres.patroni;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What the template of {@code 20-secrets.yml} needs to know. */
@RegisterForReflection
public record SecretsView(
        String superuser,
        String superuserPassword,
        String replicationUser,
        String replicationPassword,
        String restUser,
        String restPassword) {
    /** Passwords do not belong in logs. */
    @Override
    public String toString() {
        return "SecretsView[superuser=" + superuser + ", replicationUser=" + replicationUser + ", restUser=" + restUser
                + "]";
    }
}
