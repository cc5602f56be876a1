package com.smoketurner.postgres.ops;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.logging.Log;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;

/** Puts our JSON lines where Quarkus would write its own, and says what nobody reads. */
@Singleton
final class LogSetup {
    void onStart(@Observes @Priority(1) StartupEvent event) {
        for (Handler handler : InitialConfigurator.DELAYED_HANDLER.getHandlers()) {
            if (handler.getFormatter() instanceof JsonFormatter) {
                handler.setFormatter(new JsonLog());
            }
        }
        for (String name : Environment.unknown(System.getenv())) {
            Log.warnf("%s is set but is not a variable of this operator: it has no effect", name);
        }
    }
}
