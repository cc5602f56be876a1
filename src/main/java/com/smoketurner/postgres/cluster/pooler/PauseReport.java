package com.smoketurner.postgres.cluster.pooler;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a pod of a pooler says of its last pause.
 *
 * @param pod its name
 * @param millis how long its clients waited
 * @param why it ended
 */
record PauseReport(String pod, long millis, String why) {

    private static final Pattern RESUMED = Pattern.compile("resumed (\\d{1,9}) (.+)");

    /** Another primary answered. */
    private static final String PRIMARY = "primary";

    /** What the program wrote; nothing when it was something else. */
    static Optional<PauseReport> of(String pod, String output) {
        Matcher matcher = RESUMED.matcher(output.strip());
        return matcher.matches()
                ? Optional.of(new PauseReport(pod, Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /** In a sentence, from all pods. */
    static String sentence(List<PauseReport> reports, String candidate) {
        String longest = reports.stream()
                .max(Comparator.comparingLong(PauseReport::millis))
                .map(report -> "clients of the pooler waited for up to %d ms while %s took over"
                        .formatted(report.millis(), candidate))
                .orElseGet(() ->
                        "clients of the pooler waited while %s took over; no pod says how long".formatted(candidate));
        Map<String, List<String>> others = reports.stream()
                .filter(report -> !report.why().equals(PRIMARY))
                .collect(Collectors.groupingBy(
                        PauseReport::why, TreeMap::new, Collectors.mapping(PauseReport::pod, Collectors.toList())));
        return others.entrySet().stream()
                .map(entry -> "; the pause of %s ended without another primary (%s)"
                        .formatted(String.join(", ", entry.getValue()), entry.getKey()))
                .collect(Collectors.joining("", longest, ""));
    }

    /** Whether the pod's connections to servers were all made to the new primary. */
    boolean renewed() {
        return why.equals(PRIMARY);
    }
}
