package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.reconcile.ErrorText;
import java.io.IOException;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class LogTest {
    private static ExtLogRecord entry(String message) {
        return new ExtLogRecord(Level.INFO, message, ExtLogRecord.FormatStyle.PRINTF, LogTest.class.getName());
    }

    private static JsonNode json(ExtLogRecord entry) throws IOException {
        String text = new JsonLog().format(entry);
        assertThat(text).endsWith("}\n").hasLineCount(1);
        return new ObjectMapper().readTree(text);
    }

    @Test
    void aLineSaysWhatItIsAbout() throws IOException {
        ExtLogRecord entry = entry("says \"%s\"\nand more");
        entry.setParameters(new Object[] {"hello"});
        entry.putMdc("resource.kind", "PostgresCluster");
        entry.putMdc("resource.namespace", "team");
        entry.putMdc("resource.name", "db");
        entry.putMdc("phase", "Running");
        JsonNode line = json(entry);
        assertThat(line.path("message").asText()).isEqualTo("says \"hello\"\nand more");
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("kind").asText()).isEqualTo("PostgresCluster");
        assertThat(line.path("namespace").asText()).isEqualTo("team");
        assertThat(line.path("name").asText()).isEqualTo("db");
        assertThat(line.path("phase").asText()).isEqualTo("Running");
        assertThat(line.path("timestamp").asText()).endsWith("Z");
    }

    @Test
    void aLineAboutNothingInParticularHasNoEmptyFields() throws IOException {
        assertThat(json(entry("started")).has("kind")).isFalse();
    }

    @Test
    void anExceptionIsOneSentence() throws IOException {
        ExtLogRecord entry = entry("could not do %s");
        entry.setParameters(new Object[] {"it"});
        entry.setThrown(new IllegalStateException("outer 100% {0}", new IOException("inner\n  reason")));
        assertThat(new ExceptionSummary().isLoggable(entry)).isTrue();
        assertThat(entry.getThrown()).isNull();
        JsonNode line = json(entry);
        assertThat(line.path("message").asText()).isEqualTo("could not do it: outer 100% {0}: inner reason");
        assertThat(line.has("stackTrace")).isFalse();
    }

    @Test
    void causesThatRepeatEachOtherAreSaidOnce() {
        var inner = new IOException("refused");
        assertThat(ErrorText.summary(new RuntimeException(inner))).isEqualTo("java.io.IOException: refused");
        assertThat(ErrorText.summary(new RuntimeException("down", new RuntimeException("down"))))
                .isEqualTo("down");
        assertThat(ErrorText.summary(new NullPointerException())).isEqualTo("NullPointerException");
    }
}
