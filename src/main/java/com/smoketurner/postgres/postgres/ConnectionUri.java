package com.smoketurner.postgres.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * URIs of libpq.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">Connection URIs</a>
 */
public final class ConnectionUri {

    private ConnectionUri() {}

    /** The URI without parameters. */
    public static String of(String user, String password, String host, int port, String database) {
        return "postgresql://%s:%s@%s:%d/%s".formatted(escaped(user), escaped(password), host, port, database);
    }

    /** A text of any characters as a part of a URI, in each of which a space is %20. */
    public static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
