package com.smoketurner.postgres.database;

import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.sql.Psql;
import com.smoketurner.postgres.testing.server.LocalServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** SQL on a server of this machine, one connection for each call as psql has one; remembers what it was sent. */
final class JdbcSql implements Sql {

    private final LocalServer server;
    private final List<String> sent = new ArrayList<>();

    JdbcSql(LocalServer server) {
        this.server = server;
    }

    @Override
    public String read(String database, String query) {
        try (Connection connection = server.operator(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw failed(e, 0);
        }
    }

    @Override
    public void change(List<Psql.Script> scripts) {
        for (int done = 0; done < scripts.size(); done++) {
            Psql.Script script = scripts.get(done);
            sent.addAll(script.statements());
            try (Connection connection = server.operator(script.database());
                    var statement = connection.createStatement()) {
                statement.execute(OwnSession.silence());
                for (String text : script.statements()) {
                    statement.execute(text);
                }
            } catch (SQLException e) {
                throw failed(e, done);
            }
        }
    }

    /** What was sent to change something since the last call. */
    List<String> sent() {
        List<String> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    private static SqlFailed failed(SQLException e, int done) {
        return new SqlFailed(
                String.valueOf(e.getMessage()),
                !"08".equals(String.valueOf(e.getSQLState()).substring(0, 2)),
                done);
    }
}
