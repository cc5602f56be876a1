package com.smoketurner.postgres.cli;

import org.jspecify.annotations.Nullable;

/** What was typed behind {@code kubectl pgc-plan}. */
record PlanOptions(
        String file,
        @Nullable String namespace,
        @Nullable String context,
        @Nullable String kubeconfig,
        boolean json,
        boolean help) {

    static final String USAGE = """
            kubectl pgc-plan -f FILE [-n NAMESPACE] [--context NAME] [--kubeconfig FILE] [-o text|json]

            Shows what `kubectl apply -f FILE` of a changed PostgresCluster would do to its members, and in what order.
            FILE may be - for the standard input, and may contain other objects, which are ignored. Nothing is changed.

            exit code   0  no disruption
                        2  restarts, removed members or a switchover
                        1  the change is rejected, or there is no plan; the message says why
            """;

    static PlanOptions of(String... args) {
        String file = null;
        String namespace = null;
        String context = null;
        String kubeconfig = null;
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].startsWith("--") ? args[i].indexOf('=') : -1;
            String name = equals < 0 ? args[i] : args[i].substring(0, equals);
            if (name.equals("-h") || name.equals("--help")) {
                return new PlanOptions("", null, null, null, false, true);
            }
            String value = equals >= 0 ? args[i].substring(equals + 1) : ++i < args.length ? args[i] : null;
            if (value == null) {
                throw new PlanCommand.Failure("%s needs a value; see --help".formatted(name));
            }
            switch (name) {
                case "-f", "--filename" -> file = value;
                case "-n", "--namespace" -> namespace = value;
                case "--context" -> context = value;
                case "--kubeconfig" -> kubeconfig = value;
                case "-o", "--output" -> json = format(value);
                default -> throw new PlanCommand.Failure("unknown option %s; see --help".formatted(name));
            }
        }
        if (file == null) {
            throw new PlanCommand.Failure("-f FILE is required; see --help");
        }
        return new PlanOptions(file, namespace, context, kubeconfig, json, false);
    }

    private static boolean format(String value) {
        return switch (value) {
            case "json" -> true;
            case "text" -> false;
            default -> throw new PlanCommand.Failure("-o must be text or json, not " + value);
        };
    }
}
