package com.smoketurner.postgres.ops;

import com.smoketurner.postgres.reconcile.ErrorText;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** Replaces a stack trace by one sentence, unless the log level is debug: then it is what one wants to see. */
@LoggingFilter(name = "summary")
public final class ExceptionSummary implements Filter {
    private static final ExtFormatter MESSAGES = new JsonLog();

    @Override
    public boolean isLoggable(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        if (thrown != null && !Logger.getLogger("com.smoketurner.postgres").isLoggable(Level.FINE)) {
            entry.setThrown(null);
            shorten(entry, ErrorText.summary(thrown));
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
}
