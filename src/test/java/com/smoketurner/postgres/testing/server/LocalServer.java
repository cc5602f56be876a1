package com.smoketurner.postgres.testing.server;

import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.testing.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A PostgreSQL on this machine, of the binaries that the build has copied to target/servers. It listens on loopback alone. */
public final class LocalServer implements AutoCloseable {

    /** PostgreSQL refuses to run as root. */
    private static final List<String> NOBODY = "root".equals(System.getProperty("user.name"))
            ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
            : List.of();

    private final Path folder;
    private final int port;

    private LocalServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts an empty server of a major version. */
    public static LocalServer start(int major) {
        try {
            Path folder = Files.createTempDirectory("postgresql-" + major + "-");
            var server = new LocalServer(folder, freePort());
            server.unpack(Path.of("target", "servers", "postgresql-" + major + ".jar"));
            server.create();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void unpack(Path jar) throws IOException {
        Path archive = folder.resolve("server.txz");
        try (var file = new JarFile(jar.toFile());
                InputStream in = file.getInputStream(file.stream()
                        .filter(entry -> entry.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow())) {
            Files.copy(in, archive);
        }
        Command.of("tar", "-xJf", archive.toString(), "-C", folder.toString()).output();
        Files.delete(archive);
        if (!NOBODY.isEmpty()) {
            Command.of("chown", "-R", "65534:65534", folder.toString()).output();
        }
    }

    private void create() {
        program("initdb", "-D", data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        program(
                "pg_ctl",
                "-D",
                data(),
                "-l",
                folder.resolve("log").toString(),
                "-w",
                "-o",
                "-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c log_statement=all"
                                .formatted(port, folder)
                        + " -c max_connections=30 -c shared_buffers=16MB",
                "start");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void program(String name, String... arguments) {
        List<String> argv = new ArrayList<>(NOBODY);
        argv.add(folder.resolve("bin").resolve(name).toString());
        argv.addAll(List.of(arguments));
        Command.of(argv).in(folder).output();
    }

    /** A connection as a role; each statement is a message of its own, as psql sends it. */
    public Connection connect(String database, String user) throws SQLException {
        return connect(database, user, new Properties());
    }

    /** A connection with the settings of the operator's own sessions. */
    public Connection operator(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("options", OwnSession.connection().replaceFirst(".* options='(.*)'$", "$1"));
        return connect(database, "postgres", properties);
    }

    private Connection connect(String database, String user, Properties properties) throws SQLException {
        properties.setProperty("user", user);
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s"
                        .formatted(port, URLEncoder.encode(database, StandardCharsets.UTF_8)),
                properties);
    }

    /** What the server has logged. */
    public String log() {
        try {
            return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        program("pg_ctl", "-D", data(), "-m", "immediate", "stop");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
