package com.smoketurner.postgres.ops;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** Replaces a stack trace by one sentence, unless the log level is debug: then it is what one wants to see. */
@LoggingFilter(name = "brevity")
public final class LogBrevity implements Filter {
    private static final int MAX_CAUSES = 5;

    /** What the Kubernetes client says where its cause says it all. */
    private static final String CLIENT_SAYS_NOTHING = "An error has occurred.";

    private static final ExtFormatter MESSAGES = new JsonLog();

    @Override
    public boolean isLoggable(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        if (thrown != null && !Logger.getLogger("com.smoketurner.postgres").isLoggable(Level.FINE)) {
            entry.setThrown(null);
            shorten(entry, summary(thrown));
        }
        return true;
    }

    /** What is in an exception must not be taken for a placeholder. */
    private static void shorten(LogRecord entry, String reason) {
        if (entry instanceof ExtLogRecord formatted) {
            String text = MESSAGES.formatMessage(formatted) + ": " + reason;
            formatted.setParameters(null);
            formatted.setMessage(text, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            entry.setMessage(
                    entry.getMessage() + ": " + reason.replace('{', '(').replace('}', ')'));
        }
    }

    /** What went wrong and why, on one line: each distinct message of the chain of causes. */
    static String summary(Throwable thrown) {
        var text = new StringBuilder();
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            String message = current.getMessage();
            String part = message == null || message.isBlank() || message.equals(CLIENT_SAYS_NOTHING)
                    ? current.getClass().getSimpleName()
                    : message.strip().replaceAll("\\s+", " ");
            if (text.indexOf(part) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(part);
            }
            current = current.getCause();
        }
        return text.toString();
    }
}
