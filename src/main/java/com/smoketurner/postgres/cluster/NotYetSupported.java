package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Fields that the API has and this release does not act on. Asking for one is refused by name: a backup that silently
 * does not happen is worse than none.
 */
final class NotYetSupported {

    private NotYetSupported() {}

    /** A field in use that has no behaviour yet. */
    static Optional<Rejected> of(PostgresClusterSpec spec) {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        fields.put("hibernate", spec.hibernateOrDefault());
        return fields.entrySet().stream()
                .filter(Map.Entry::getValue)
                .findFirst()
                .map(field -> rejected("spec.%s has no effect in this release; remove it".formatted(field.getKey())));
    }

    private static Rejected rejected(String message) {
        return new Rejected(Reason.NOT_YET_SUPPORTED, message);
    }
}
