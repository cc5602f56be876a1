package com.smoketurner.postgres.kube.exec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Keeps the first part of what a program writes and discards the rest. */
final class BoundedOutput extends OutputStream {

    /** What is kept unless the caller says otherwise, in bytes. */
    static final int USUAL = 64 * 1024;

    private final int limit;
    private final Consumer<String> progress;
    private final StringBuilder line = new StringBuilder();

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /** Keeps 64 KiB. */
    BoundedOutput() {
        this(USUAL);
    }

    /**
     * @param limit how many bytes are kept
     */
    BoundedOutput(int limit) {
        this(limit, line -> {});
    }

    /**
     * @param progress told of each complete line when it comes; read byte by byte, so for ASCII
     */
    BoundedOutput(int limit, Consumer<String> progress) {
        this.limit = limit;
        this.progress = progress;
    }

    @Override
    public synchronized void write(int b) {
        if (kept.size() < limit) {
            kept.write(b);
            tell((char) b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int taken = Math.min(length, limit - kept.size());
        kept.write(bytes, offset, taken);
        for (int i = offset; i < offset + taken; i++) {
            tell((char) bytes[i]);
        }
    }

    private void tell(char c) {
        if (c == '\n') {
            progress.accept(line.toString());
            line.setLength(0);
        } else {
            line.append(c);
        }
    }

    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
