package com.smoketurner.postgres.database.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Changes with one statement for all privileges of a role on the same object: each rewrites what it is about. */
final class Merged {

    private Merged() {}

    /** The same changes, notes first. */
    static List<Change> of(List<Change> changes) {
        Map<Change, List<String>> names = new LinkedHashMap<>();
        List<Change> merged = new ArrayList<>();
        for (Change change : changes) {
            switch (change) {
                case Change.Grant(String database, Privilege privilege) ->
                    add(names, new Change.Grant(database, privilege.named("")), privilege);
                case Change.Revoke(String database, Privilege privilege) ->
                    add(names, new Change.Revoke(database, privilege.named("")), privilege);
                case Change.GrantDefault(String creator, Privilege privilege) ->
                    add(names, new Change.GrantDefault(creator, privilege.named("")), privilege);
                case Change.RevokeDefault(String creator, Privilege privilege) ->
                    add(names, new Change.RevokeDefault(creator, privilege.named("")), privilege);
                default -> merged.add(change);
            }
        }
        names.forEach((change, list) -> merged.add(with(change, list.stream().collect(Collectors.joining(", ")))));
        return List.copyOf(merged);
    }

    private static void add(Map<Change, List<String>> names, Change change, Privilege privilege) {
        names.computeIfAbsent(change, key -> new ArrayList<>()).add(privilege.name());
    }

    private static Change with(Change change, String names) {
        return switch (change) {
            case Change.Grant(String database, Privilege privilege) ->
                new Change.Grant(database, privilege.named(names));
            case Change.Revoke(String database, Privilege privilege) ->
                new Change.Revoke(database, privilege.named(names));
            case Change.GrantDefault(String creator, Privilege privilege) ->
                new Change.GrantDefault(creator, privilege.named(names));
            case Change.RevokeDefault(String creator, Privilege privilege) ->
                new Change.RevokeDefault(creator, privilege.named(names));
            default -> change;
        };
    }
}
