package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.cluster.run.UpgradeReport;
import java.util.Optional;

/** How pg_upgrade brings the files of tables into the new data directory. */
enum ConversionMode {
    /** Copies that share their blocks: as quick as links, and the former data stays as it is. */
    CLONE("clone"),
    /** The new server uses the files of the former one, which cannot be started again then. */
    LINK("link"),
    /** Twice the space, and the time to write it; the former data stays as it is. */
    COPY("copy");

    private final String label;

    ConversionMode(String label) {
        this.label = label;
    }

    /** The word of the program. */
    String label() {
        return label;
    }

    /**
     * The quickest that leaves a way back. Nothing where there is none.
     *
     * @param report of the member that is converted
     * @param complete how many replicas have all of its WAL: each of them is a way back
     */
    static Optional<ConversionMode> of(UpgradeReport report, int complete) {
        if (report.clones()) {
            return Optional.of(CLONE);
        }
        if (complete > 0) {
            return Optional.of(LINK);
        }
        return report.copies() ? Optional.of(COPY) : Optional.empty();
    }
}
