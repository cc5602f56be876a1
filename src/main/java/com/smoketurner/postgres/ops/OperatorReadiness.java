package com.smoketurner.postgres.ops;

import com.smoketurner.postgres.kube.OptionalKinds;
import com.smoketurner.postgres.ops.OperatorLifecycle.Stage;
import io.javaoperatorsdk.operator.processing.Controller;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: the caches are filled and followed, with or without the Lease, and nobody asked us to stop. */
@Readiness
@Singleton
final class OperatorReadiness implements HealthCheck {
    private final OperatorLifecycle lifecycle;

    OperatorReadiness(OperatorLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("controllers")
                .withData("stage", lifecycle.stage().name().toLowerCase(Locale.ROOT))
                .withData("leading", lifecycle.leading());
        boolean ready = lifecycle.stage() == Stage.SERVING;
        if (ready) {
            for (Controller<?> controller : lifecycle.controllers()) {
                var unhealthy = controller.getControllerHealthInfo().unhealthyEventSources();
                if (!unhealthy.isEmpty()) {
                    ready &= unhealthy.keySet().stream().allMatch(OptionalKinds::followedBy); // They are optional.
                    response.withData(controller.getConfiguration().getName(), String.join(", ", unhealthy.keySet()));
                }
            }
        }
        return response.status(ready).build();
    }
}
