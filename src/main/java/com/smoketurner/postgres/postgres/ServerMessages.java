package com.smoketurner.postgres.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a server did not start, in its own words, found in what it has written. */
public final class ServerMessages {

    private static final Pattern SEVERITY = Pattern.compile("(?:^|[^\"'])\\b(LOG|FATAL|PANIC): {1,2}(.*)");

    /** What the server writes without a severity, because it reads its configuration only then. */
    private static final Pattern BARE = Pattern.compile("^postgres: (.*)");

    /** It only says that the lines before it tell the reason. */
    private static final Pattern SUMMARY = Pattern.compile("configuration file \"[^\"]*\" contains errors");

    private static final Pattern REASON =
            Pattern.compile("parameter|syntax error in file|could not open configuration|outside the valid range");

    /** What a session or the WAL receiver of a server that runs ends with. */
    private static final Pattern OF_A_SESSION = Pattern.compile(
            "could not start WAL streaming|could not connect to the primary server|from WAL stream|the database system is|terminating |too many clients|remaining connection slots|connection to client lost"
                    + "|password authentication failed|no password assigned|(role|database) \"[^\"]*\" does not exist"
                    + "|no pg_hba\\.conf entry|pg_hba\\.conf rejects|unsupported frontend protocol|permission denied for database");

    private static final Pattern COMPLAINT =
            Pattern.compile("^could not|does not exist|[Pp]ermission denied|^invalid|has wrong ownership");

    private static final Pattern PLACE = Pattern.compile(" in file \"[^\"]*\" line \\d+");

    private static final int LONGEST = 400;

    private record Message(boolean fatal, String text) {}

    private ServerMessages() {}

    /** The reason of the last start that failed; nothing if none did. */
    public static Optional<String> failure(List<String> lines) {
        List<Message> messages =
                lines.stream().flatMap(line -> message(line).stream()).toList();
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            if (message.fatal() && SUMMARY.matcher(message.text()).find()) {
                return Optional.of(bounded(reasons(messages.subList(0, i)).orElse(message.text())));
            }
            if (message.fatal() && !OF_A_SESSION.matcher(message.text()).find()) {
                return Optional.of(bounded(Stream.concat(complaints(messages.subList(0, i)), Stream.of(message.text()))
                        .collect(Collectors.joining("; "))));
            }
        }
        return Optional.empty();
    }

    private static Optional<Message> message(String line) {
        Matcher bare = BARE.matcher(line);
        if (bare.matches()) {
            return Optional.of(new Message(true, bare.group(1).strip()));
        }
        Matcher matcher = SEVERITY.matcher(line);
        return matcher.find()
                ? Optional.of(new Message(
                        !"LOG".equals(matcher.group(1)), matcher.group(2).strip()))
                : Optional.empty();
    }

    /** What was found wrong in the file right before. */
    private static Optional<String> reasons(List<Message> before) {
        var reasons = new ArrayList<String>();
        for (Message message : before.reversed()) {
            if (message.fatal()) {
                break;
            }
            if (REASON.matcher(message.text()).find()) {
                reasons.addFirst(PLACE.matcher(message.text()).replaceFirst(""));
            }
        }
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(reasons.stream().distinct().collect(Collectors.joining("; ")));
    }

    /** What the server complained of right before it gave up. */
    private static Stream<String> complaints(List<Message> before) {
        return before.stream()
                .skip(Math.max(0, before.size() - 2))
                .filter(message ->
                        !message.fatal() && COMPLAINT.matcher(message.text()).find())
                .map(Message::text);
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
