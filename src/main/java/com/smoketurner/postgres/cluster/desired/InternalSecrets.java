package com.smoketurner.postgres.cluster.desired;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator keeps to itself in {@code <c>-internal}.
 *
 * @param restPassword password of Patroni's REST API
 * @param bookkeeping what survives a restart of the operator, by key of the Secret
 */
public record InternalSecrets(String restPassword, SortedMap<String, String> bookkeeping) {
    /** User of Patroni's REST API. */
    public static final String REST_USER = "patroni";

    public InternalSecrets {
        bookkeeping = Collections.unmodifiableSortedMap(new TreeMap<>(bookkeeping));
    }

    /** Secrets do not belong in logs. */
    @Override
    public String toString() {
        return "InternalSecrets[]";
    }
}
