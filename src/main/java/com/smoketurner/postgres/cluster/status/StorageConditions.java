package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.Optional;
import java.util.stream.Collectors;

/** The volumes of the members. */
final class StorageConditions {
    static final String STORAGE_EXPANDED = "StorageExpanded";
    static final String STORAGE_PRESSURE = "StoragePressure";

    private final ClusterReport report;
    private final PostgresClusterStatus previous;
    private final Conditions conditions;

    StorageConditions(ClusterReport report, PostgresClusterStatus previous, Conditions conditions) {
        this.report = report;
        this.previous = previous;
        this.conditions = conditions;
    }

    void expanded() {
        Volumes volumes = Volumes.of(report.view());
        Optional<Condition> shown = Conditions.find(previous.conditions(), STORAGE_EXPANDED);
        Optional<Outcome.Unsupported> unsupported = report.outcome(Part.STORAGE, Outcome.Unsupported.class);
        if (unsupported.isPresent()) {
            conditions.add(
                    STORAGE_EXPANDED,
                    false,
                    unsupported.get().reason(),
                    unsupported.get().message());
        } else if (report.rejected().isPresent() && shown.isPresent()) {
            // Nothing was tried.
            conditions.add(
                    STORAGE_EXPANDED,
                    shown.get().status().equals("True"),
                    shown.get().reason(),
                    shown.get().message());
        } else if (volumes.growing().isEmpty() && !volumes.templateOutdated()) {
            conditions.add(STORAGE_EXPANDED, true, "StorageUpToDate", "every volume has the size asked for");
        } else {
            conditions.add(STORAGE_EXPANDED, false, "ExpansionInProgress", volumes.progress());
        }
    }

    void pressure() {
        String names = report.members().stream()
                .filter(Member::storagePressure)
                .map(member -> "%s is %d %% full".formatted(member.name(), member.storageUsed()))
                .collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            conditions.add(STORAGE_PRESSURE, false, "StorageSufficient", "no volume is almost full");
        } else {
            conditions.add(
                    STORAGE_PRESSURE,
                    true,
                    "VolumeAlmostFull",
                    "the volume of %s; raise spec.storage.size: a server whose volume is full stops".formatted(names));
        }
    }
}
