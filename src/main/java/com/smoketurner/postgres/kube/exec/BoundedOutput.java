package com.smoketurner.postgres.kube.exec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first part of what a program writes and discards the rest. */
final class BoundedOutput extends OutputStream {

    /** What is kept unless the caller says otherwise, in bytes. */
    static final int USUAL = 64 * 1024;

    private final int limit;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /** Keeps 64 KiB. */
    BoundedOutput() {
        this(USUAL);
    }

    /**
     * @param limit how many bytes are kept
     */
    BoundedOutput(int limit) {
        this.limit = limit;
    }

    @Override
    public synchronized void write(int b) {
        if (kept.size() < limit) {
            kept.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, Math.min(length, limit - kept.size()));
    }

    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
