package com.smoketurner.postgres.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** One JSON object per line, with what it is about ({@code kind, namespace, name, phase}) at the top level. */
public final class JsonLog extends ExtFormatter {
    private static final JsonFactory JSON = new JsonFactory();

    /** The keys that the Java Operator SDK and our reconcilers put beside a record, and what we call them. */
    private static final Map<String, String> SUBJECT = subject();

    private static Map<String, String> subject() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("resource.kind", "kind");
        names.put("resource.namespace", "namespace");
        names.put("resource.name", "name");
        names.put("phase", "phase");
        return names;
    }

    @Override
    public String format(ExtLogRecord entry) {
        Map<String, String> fields = head(
                entry.getInstant(),
                String.valueOf(entry.getLevel()),
                String.valueOf(entry.getLoggerName()),
                formatMessage(entry));
        SUBJECT.forEach((key, field) -> {
            String value = entry.getMdc(key);
            if (value != null) {
                fields.put(field, value);
            }
        });
        fields.put("thread", String.valueOf(entry.getThreadName()));
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            var trace = new StringWriter();
            thrown.printStackTrace(new java.io.PrintWriter(trace, true));
            fields.put("stackTrace", trace.toString());
        }
        return write(fields) + "\n";
    }

    public static String line(Instant time, String level, String logger, String message) {
        return write(head(time, level, logger, message));
    }

    private static Map<String, String> head(Instant time, String level, String logger, String message) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("timestamp", time.toString());
        fields.put("level", level);
        fields.put("logger", logger);
        fields.put("message", message);
        return fields;
    }

    private static String write(Map<String, String> fields) {
        var out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (var field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
