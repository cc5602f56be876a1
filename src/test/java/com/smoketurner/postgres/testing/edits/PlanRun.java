package com.smoketurner.postgres.testing.edits;

import com.smoketurner.postgres.cli.PlanCommand;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs {@code kubectl pgc-plan}: once as a user types it, then in this JVM, because each JVM costs seconds of processor time. */
public final class PlanRun {
    private static final AtomicBoolean TYPED = new AtomicBoolean();

    private PlanRun() {}

    /**
     * What it answers.
     *
     * @param options as it is called with
     */
    public static Command.Result of(Manifest manifest, List<String> options) {
        if (TYPED.compareAndSet(false, true)) {
            var argv = new ArrayList<String>();
            argv.add(Project.root().resolve("scripts/kubectl-pgc_plan").toString());
            argv.addAll(options);
            return Command.of(argv).reading(manifest.text()).run();
        }
        var in = new ByteArrayInputStream(manifest.text().getBytes(StandardCharsets.UTF_8));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = new PlanCommand(in, printing(out), printing(err)).run(options.toArray(String[]::new));
        return new Command.Result(options, exit, text(out), text(err));
    }

    private static PrintStream printing(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
