package com.smoketurner.postgres.database.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes with one statement for all privileges of a role on the same object: each rewrites what it is about. */
final class Merged {

    private Merged() {}

    /** The same changes, notes first. */
    static List<Change> of(List<Change> changes) {
        Map<Change.OfPrivilege, List<String>> names = new LinkedHashMap<>();
        List<Change> merged = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.OfPrivilege one) {
                Privilege privilege = one.privilege();
                names.computeIfAbsent(one.with(privilege.named("")), key -> new ArrayList<>())
                        .add(privilege.name());
            } else {
                merged.add(change);
            }
        }
        names.forEach((one, list) -> merged.add(one.with(one.privilege().named(String.join(", ", list)))));
        return List.copyOf(merged);
    }
}
