package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.database.plan.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one reconciliation has come to.
 *
 * @param away why nothing was tried; absent where something was
 * @param looked which parts were compared with the spec
 * @param secrets names of the Secrets that are complete, the owner's first
 * @param rest what the server had, where nothing had to be made
 */
record Attempt(
        ServedCluster.Look cluster,
        Optional<String> away,
        Set<DatabaseConditionType> looked,
        List<Problem> problems,
        List<String> notes,
        List<String> secrets,
        Optional<Agreed> rest) {

    /**
     * What a server has when it agrees with the spec.
     *
     * @param asked what it was asked
     * @param answer what it has answered
     */
    record Agreed(String asked, String answer) {
        /** It has verifiers of passwords. */
        @Override
        public String toString() {
            return "Agreed[]";
        }
    }

    static Attempt waiting(ServedCluster.Look cluster, String why) {
        return new Attempt(cluster, Optional.of(why), Set.of(), List.of(), List.of(), List.of(), Optional.empty());
    }

    List<Problem> of(DatabaseConditionType part) {
        return problems.stream().filter(problem -> problem.part() == part).toList();
    }

    /** The problems in the order of the conditions: the first is the one to name. */
    List<Problem> ordered() {
        List<Problem> ordered = new ArrayList<>(problems);
        ordered.sort((one, other) -> one.part().compareTo(other.part()));
        return ordered;
    }

    boolean complete() {
        return away.isEmpty() && problems.isEmpty();
    }
}
