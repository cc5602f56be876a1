package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.cache.SourceNames;
import java.util.Set;

/** The kinds of other operators that are watched where they are served. No cluster waits for their lists. */
public final class OptionalKinds {

    private static final Set<String> ALL = Set.of(
            CertManager.CERTIFICATE,
            CertManager.ISSUER,
            PrometheusOperator.POD_MONITOR,
            Keda.SCALED_OBJECT,
            Keda.TRIGGER_AUTHENTICATION);

    private OptionalKinds() {}

    /** Whether an event source of this name follows such a kind. */
    public static boolean followedBy(String source) {
        return ALL.contains(SourceNames.kind(source));
    }
}
