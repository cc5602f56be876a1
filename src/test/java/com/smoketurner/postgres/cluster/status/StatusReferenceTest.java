package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.build.Committed;
import org.junit.jupiter.api.Test;

class StatusReferenceTest {
    @Test
    void theCommittedPageIsThatOfTheCode() {
        Committed.check("docs/status.md", StatusReference.render());
    }
}
