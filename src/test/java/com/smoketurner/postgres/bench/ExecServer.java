package com.smoketurner.postgres.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As much of a kubelet and of WebSockets (RFC 6455, {@code v4.channel.k8s.io}) as it takes to answer {@code exec}. */
final class ExecServer {
    private static final Pattern EXEC =
            Pattern.compile("\\S+ /api/v1/namespaces/([^/]+)/pods/([^/]+)/exec\\?(\\S+) .*");
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STATUS = 3;
    private static final int LAST_OF_BINARY = 0x82;
    private static final int LAST_OF_CLOSE = 0x88;
    private static final int CLOSE = 8;

    private final Programs programs;

    /** What programs answer; none fails. */
    interface Programs {
        boolean has(List<String> command);

        /** Whether it waits for a line. */
        boolean reads(List<String> command);

        /** Its standard output. */
        String run(String namespace, String pod, List<String> command, String input);
    }

    ExecServer(Programs programs) {
        this.programs = programs;
    }

    /** Answers a request for a program that is known here; false, and nothing is done, for any other request. */
    boolean serve(HttpMessage request, InputStream in, OutputStream out) throws IOException {
        Matcher exec = EXEC.matcher(request.firstLine());
        if (!exec.matches()) {
            return false;
        }
        List<String> command = Arrays.stream(exec.group(3).split("&", -1))
                .filter(parameter -> parameter.startsWith("command="))
                .map(parameter -> URLDecoder.decode(parameter.substring("command=".length()), StandardCharsets.UTF_8))
                .toList();
        if (!programs.has(command)) {
            return false;
        }
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(request.header("sec-websocket-key")) + "\r\n"
                + "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        String input = programs.reads(command) ? line(in) : "";
        String output = programs.run(exec.group(1), exec.group(2), command, input);
        send(out, LAST_OF_BINARY, STDOUT, output.getBytes(StandardCharsets.UTF_8));
        send(out, LAST_OF_BINARY, STATUS, "{\"metadata\":{},\"status\":\"Success\"}".getBytes(StandardCharsets.UTF_8));
        send(out, LAST_OF_CLOSE, 1000 >> 8, new byte[] {(byte) 1000});
        out.flush();
        awaitClose(in);
        return true;
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A frame whose payload begins with this byte. */
    private static void send(OutputStream out, int opcode, int first, byte[] rest) throws IOException {
        int length = rest.length + 1;
        out.write(opcode);
        if (length < 126) {
            out.write(length);
        } else if (length < 65_536) {
            out.write(126);
            out.write(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            out.write(127);
            out.write(ByteBuffer.allocate(8).putLong(length).array());
        }
        out.write(first);
        out.write(rest);
    }

    /** The first line of standard input. */
    private static String line(InputStream in) throws IOException {
        var text = new ByteArrayOutputStream();
        while (!text.toString(StandardCharsets.UTF_8).contains("\n")) {
            byte[] payload = Objects.requireNonNull(frame(in), "no input");
            if (payload.length > 0 && payload[0] == STDIN) {
                text.write(payload, 1, payload.length - 1);
            }
        }
        return text.toString(StandardCharsets.UTF_8).strip();
    }

    private static void awaitClose(InputStream in) throws IOException {
        while (frame(in) != null) {
            // nothing more is read
        }
    }

    /** The payload of a frame of a client; null when it closes. */
    private static byte @Nullable [] frame(InputStream in) throws IOException {
        int opcode = in.read();
        if (opcode < 0 || (opcode & 0xF) == CLOSE) {
            return null;
        }
        int length = in.read() & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(exactly(in, 2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = Math.toIntExact(ByteBuffer.wrap(exactly(in, 8)).getLong());
        }
        byte[] mask = exactly(in, 4);
        byte[] payload = exactly(in, length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("a frame is not complete");
        }
        return bytes;
    }
}
