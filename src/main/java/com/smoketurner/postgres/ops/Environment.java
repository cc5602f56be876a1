package com.smoketurner.postgres.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges the environment variables before anything starts, so that a mistake is one line and not a stack trace. */
public final class Environment {
    public static final String PREFIX = "POSTGRES_OPERATOR_";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9][-a-zA-Z0-9._/:]*(@sha256:[0-9a-f]{64})?");
    private static final Pattern ISSUER =
            Pattern.compile("(ClusterIssuer|Issuer)/[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]{0,6}(ms|s|m|h)");
    /** What Kubernetes itself injects for a Service of our name; never ours to judge. */
    private static final Pattern SERVICE_LINK = Pattern.compile("POSTGRES_OPERATOR_(SERVICE_.*|PORT(_.*)?)");

    private record Variable(String name, String accepted, boolean mayBeEmpty, Predicate<String> valid) {}

    private static final List<Variable> VARIABLES = List.of(
            optional("WATCH_NAMESPACES", "namespace names separated by commas (empty: all)", Environment::namespaces),
            required(
                    "LOG_LEVEL", "error, warn, info, debug or trace", oneOf("error", "warn", "info", "debug", "trace")),
            required("LOG_FORMAT", "json or text", oneOf("json", "text")),
            optional("IMAGE_15", "an image reference", matches(IMAGE)),
            optional("IMAGE_16", "an image reference", matches(IMAGE)),
            optional("IMAGE_17", "an image reference", matches(IMAGE)),
            optional("IMAGE_18", "an image reference", matches(IMAGE)),
            optional("IMAGE_EXPORTER", "an image reference", matches(IMAGE)),
            optional("IMAGE_PGBOUNCER", "an image reference", matches(IMAGE)),
            number("IMAGE_UID", 1, 65535),
            number("IMAGE_GID", 1, 65535),
            optional("DEFAULT_ISSUER", "ClusterIssuer/<name> or Issuer/<name>", matches(ISSUER)),
            required("CLUSTER_DOMAIN", "a DNS domain", matches(DOMAIN)),
            required("KEDA_NAMESPACE", "the name of a namespace", matches(LABEL)),
            required("ALLOW_PRIVILEGED_ROLES", "true or false", oneOf("true", "false")),
            number("RESYNC_SECONDS", 5, 3600),
            number("MAX_CONCURRENT_RECONCILES", 1, 100),
            number("MAX_CONCURRENT_IMAGE_ROLLOUTS", 1, 100),
            required(
                    "CONNECT_MODE",
                    "auto, direct, port-forward or exec",
                    oneOf("auto", "direct", "port-forward", "exec")),
            required("BACKUP_ENGINE", "WalG or PgBackRest", oneOf("WalG", "PgBackRest")),
            required("IN_PLACE_RESIZE", "auto, true or false", oneOf("auto", "true", "false")),
            number("HTTP_PORT", 1, 65535),
            required("LEADER_ELECTION", "true or false", oneOf("true", "false")),
            duration("CREATION_TIMEOUT"),
            duration("PRIMARY_UNAVAILABLE_TIMEOUT"),
            duration("STUCK_CHANGE_TIMEOUT"),
            duration("DELETION_TIMEOUT"),
            duration("DEGRADED_AFTER"),
            duration("NO_PRIMARY_AFTER"));

    private Environment() {}

    /** Why the operator can not start with these variables, in one line that names each wrong one. */
    public static Optional<String> refusal(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        for (Variable variable : VARIABLES) {
            String value = environment.get(variable.name());
            if (value == null || (value.isEmpty() && variable.mayBeEmpty())) {
                continue;
            }
            if (!variable.valid().test(value)) {
                problems.add("%s=\"%s\" is not valid: it must be %s"
                        .formatted(variable.name(), printable(value), variable.accepted()));
            }
        }
        if (!"false".equals(environment.get(PREFIX + "LEADER_ELECTION"))) {
            List<String> missing = Stream.of("POD_NAME", "POD_NAMESPACE")
                    .filter(name -> isBlank(environment.get(name)))
                    .toList();
            if (!missing.isEmpty()) {
                problems.add(String.join(" and ", missing) + " not set: leader election needs them (the shipped"
                        + " Deployment sets them by the downward API); outside of a cluster set"
                        + " POSTGRES_OPERATOR_LEADER_ELECTION=false");
            }
        }
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    /** Variables with our prefix that nothing reads: most likely a slip of the pen. */
    static SortedSet<String> unknown(Map<String, String> environment) {
        var known = VARIABLES.stream().map(Variable::name).collect(Collectors.toSet());
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names that {@link #refusal} judges, for the test that holds the documentation complete. */
    static SortedSet<String> names() {
        return VARIABLES.stream().map(Variable::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Variable required(String name, String accepted, Predicate<String> valid) {
        return new Variable(PREFIX + name, accepted, false, valid);
    }

    private static Variable optional(String name, String accepted, Predicate<String> valid) {
        return new Variable(PREFIX + name, accepted, true, valid);
    }

    private static Variable number(String name, int min, int max) {
        return required(name, "an integer from %d to %d".formatted(min, max), value -> within(value, min, max));
    }

    private static Variable duration(String name) {
        return required(name, "a duration such as 90s, 10m or 2h", matches(DURATION));
    }

    private static Predicate<String> oneOf(String... values) {
        return List.of(values)::contains;
    }

    private static Predicate<String> matches(Pattern pattern) {
        return value -> pattern.matcher(value).matches();
    }

    private static boolean within(String value, int min, int max) {
        if (!value.matches("[0-9]{1,9}")) {
            return false;
        }
        int number = Integer.parseInt(value);
        return number >= min && number <= max;
    }

    private static boolean namespaces(String value) {
        return Pattern.compile(",")
                .splitAsStream(value)
                .allMatch(name -> LABEL.matcher(name.strip()).matches());
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    /** One line stays one line, whatever was written into the variable. */
    private static String printable(String value) {
        String flat = value.replaceAll("\\p{Cntrl}", "?");
        return flat.length() <= 80 ? flat : flat.substring(0, 80) + "...";
    }
}
