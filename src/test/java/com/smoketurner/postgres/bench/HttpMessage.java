package com.smoketurner.postgres.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** As much of HTTP/1.1 as it takes to tell where a message ends; the bytes pass unchanged. */
final class HttpMessage {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final String head;
    private final byte[] body;

    private HttpMessage(String head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /** A whole request, or null where the sender has ended the connection. */
    static @Nullable HttpMessage read(InputStream in) throws IOException {
        String head = head(in);
        if (head == null) {
            return null;
        }
        var body = new ByteArrayOutputStream();
        copyBody(head, in, body);
        return new HttpMessage(head, body.toByteArray());
    }

    /** Passes a whole response as it comes. False when it opens another protocol. */
    static boolean relay(InputStream in, OutputStream out) throws IOException {
        String head = head(in);
        if (head == null) {
            throw new EOFException("the server has ended the connection");
        }
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        int code = Integer.parseInt(head.substring(9, 12));
        if (code == SWITCHING_PROTOCOLS) {
            out.flush();
            return false;
        }
        copyBody(head, in, out);
        out.flush();
        return true;
    }

    String firstLine() {
        return head.substring(0, head.indexOf('\r'));
    }

    /** The value of a header; empty without it. */
    String header(String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Neither a watch nor anything else that upgrades the connection. */
    boolean ordinary() {
        return !head.toLowerCase(Locale.ROOT).contains("\r\nupgrade:")
                && !firstLine().contains("watch=true");
    }

    void write(OutputStream out) throws IOException {
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static @Nullable String head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        String line = line(in, bytes);
        if (line == null) {
            return null;
        }
        while (!line.isEmpty()) {
            line = line(in, bytes);
            if (line == null) {
                return null;
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** One line without its end; with its end it is added to the copy. */
    private static @Nullable String line(InputStream in, OutputStream copy) throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            copy.write(b);
            if (b == '\n') {
                return text.toString().stripTrailing();
            }
            text.append((char) b);
        }
        return null;
    }

    private static void copyBody(String head, InputStream in, OutputStream out) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked")) {
            copyChunks(in, out);
            return;
        }
        int at = lower.indexOf("\r\ncontent-length:");
        if (at >= 0) {
            int from = at + "\r\ncontent-length:".length();
            copy(
                    in,
                    out,
                    Long.parseLong(
                            lower.substring(from, lower.indexOf("\r\n", from)).strip()));
        }
    }

    private static void copyChunks(InputStream in, OutputStream out) throws IOException {
        while (true) {
            String size = line(in, out);
            if (size == null) {
                throw new EOFException("a chunk is missing");
            }
            int length = Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
            copy(in, out, length + 2L); // and the end of its line
            out.flush();
            if (length == 0) {
                return;
            }
        }
    }

    private static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[16_384];
        for (long left = count; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new EOFException("%d bytes are missing".formatted(left));
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }
}
