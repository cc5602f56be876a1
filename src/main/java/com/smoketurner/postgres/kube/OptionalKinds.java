package com.smoketurner.postgres.kube;

import java.util.Set;

/** The kinds of other operators that are watched where they are served. No cluster waits for their lists. */
public final class OptionalKinds {

    public static final Set<String> ALL = Set.of(
            CertManager.CERTIFICATE,
            CertManager.ISSUER,
            PrometheusOperator.POD_MONITOR,
            Keda.SCALED_OBJECT,
            Keda.TRIGGER_AUTHENTICATION);

    private OptionalKinds() {}
}
