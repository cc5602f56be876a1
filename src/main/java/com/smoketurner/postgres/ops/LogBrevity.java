package com.smoketurner.postgres.ops;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Replaces a stack trace by one sentence, unless the log level is debug: then it is what one wants to see. */
@LoggingFilter(name = "brevity")
public final class LogBrevity implements Filter {
    private static final int MAX_CAUSES = 5;

    @Override
    public boolean isLoggable(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        if (thrown != null && !Logger.getLogger("com.smoketurner.postgres").isLoggable(Level.FINE)) {
            entry.setThrown(null);
            entry.setMessage(entry.getMessage() + suffix(entry, thrown));
        }
        return true;
    }

    /** The record is formatted after us: a brace or a percent sign in an exception must not become a placeholder. */
    private static String suffix(LogRecord entry, Throwable thrown) {
        String text = ": " + summary(thrown);
        Object[] parameters = entry.getParameters();
        return parameters == null || parameters.length == 0
                ? text
                : text.replace("%", "%%").replace('{', '(').replace('}', ')');
    }

    /** What went wrong and why, on one line: each distinct message of the chain of causes. */
    static String summary(Throwable thrown) {
        var text = new StringBuilder();
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            String message = current.getMessage();
            String part = message == null || message.isBlank()
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
