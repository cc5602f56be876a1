package com.smoketurner.postgres;

import com.smoketurner.postgres.cli.PlanCommand;
import com.smoketurner.postgres.ops.Environment;
import com.smoketurner.postgres.ops.JsonLog;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Judges the environment, runs the application and gives the process an exit code that means something. */
@QuarkusMain
public final class OperatorMain {
    /** The exit code for a configuration that was refused. */
    static final int REFUSED = 2;

    private static final String JSON = "quarkus.log.console.json.enabled";

    private OperatorMain() {}

    public static void main(String... args) {
        if (args.length > 0 && args[0].equals(PlanCommand.NAME)) {
            System.exit(
                    new PlanCommand(System.in, System.out, System.err).run(Arrays.copyOfRange(args, 1, args.length)));
        }
        Map<String, String> environment = System.getenv();
        boolean json = !"text".equals(environment.get(Environment.PREFIX + "LOG_FORMAT"));
        Optional<String> refusal = Environment.refusal(environment);
        if (refusal.isPresent()) {
            complain(System.err, json, refusal.get());
            System.exit(REFUSED);
        }
        if (System.getProperty(JSON) == null) {
            System.setProperty(JSON, Boolean.toString(json));
        }
        holdExitUntilStopped();
        Quarkus.run(null, (code, cause) -> end(code, cause, json), args);
    }

    /**
     * A JVM that was asked to end by a signal leaves with 143 as soon as the hooks are done. This hook never is: so it
     * is the halt in {@link #end}, after an orderly stop, that says 0.
     */
    private static void holdExitUntilStopped() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "hold-exit"));
    }

    private static void end(int code, @Nullable Throwable cause, boolean json) {
        if (cause != null) {
            complain(System.err, json, "the operator could not start: " + ErrorText.summary(cause));
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    public static void complain(PrintStream out, boolean json, String message) {
        if (json) {
            out.println(JsonLog.line(Clock.systemUTC().instant(), "ERROR", OperatorMain.class.getName(), message));
        } else {
            out.println("postgres-operator: " + message);
        }
        out.flush();
    }
}
