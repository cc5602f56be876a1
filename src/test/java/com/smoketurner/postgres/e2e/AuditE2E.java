package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.KubernetesVersion;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.observe.AuditLog.Request;
import com.smoketurner.postgres.testing.observe.GrantedPermissions;
import com.smoketurner.postgres.testing.observe.UsedPermissions;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What the API server recorded of the operator during all other end-to-end tests; therefore the last one. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("it looks at the whole run")
@Tag("audit")
@Order(Integer.MAX_VALUE)
class AuditE2E {
    private final KubernetesClient client;
    private final AuditLog log;
    private List<Request> requests = List.of();

    AuditE2E(Lab lab, KubernetesClient client) {
        this.client = client;
        this.log = new AuditLog(lab.auditLog());
    }

    @BeforeAll
    void read() {
        requests = log.ofOperator(Instant.EPOCH);
        assertThat(requests).as("the operator's requests in the audit log").isNotEmpty();
    }

    @Test
    @Acceptance(6)
    void noRequestWasForbidden() {
        assertThat(requests.stream()
                        .filter(r -> r.code() == 401 || r.code() == 403)
                        .filter(r -> !r.tooLateForItsNamespace()))
                .isEmpty();
    }

    @Test
    @Acceptance(6)
    void permissionsAreThoseThatAreUsed() {
        Set<String> granted = GrantedPermissions.ofOperator(client);
        Set<String> used = new TreeSet<>();
        requests.stream()
                .filter(r -> !GrantedPermissions.everybodys(r))
                .map(Request::permissions)
                .forEach(used::addAll);
        assertThat(granted).as("granted").containsAll(used);
        UsedPermissions.ofAllLabs(used).ifPresent(all -> {
            var unused = new TreeSet<>(granted);
            unused.removeAll(all);
            if (!KubernetesVersion.resizesInPlace(client)) {
                unused.remove("patch pods/resize");
            }
            assertThat(unused)
                    .as("granted, not used, and without a reason in granted-unused.txt")
                    .isSubsetOf(GrantedPermissions.withReason());
        });
    }

    @Test
    void noWriteChangedNothing() {
        var changes = EndToEnd.changes();
        List<Request> writes = requests.stream()
                .filter(r -> r.received().isAfter(changes.started()))
                .filter(Request::write)
                .filter(r -> !GrantedPermissions.everybodys(r))
                .filter(r -> !r.refused())
                .toList();
        assertThat(writes).isNotEmpty();
        assertThat(changes.types())
                .as("types that are watched")
                .containsAll(writes.stream()
                        .filter(r -> !r.resource().startsWith("pods/"))
                        .map(r -> r.object().replaceFirst(" .*", ""))
                        .toList());
        // The watch may still owe the last of them.
        Waiting.untilAsserted(
                "every write has changed something",
                Waiting.SHORT,
                () -> assertThat(changes.unchanged(writes)).isEmpty());
    }

    @Test
    void noWriteWasRefused() {
        // A conflict, a missing object or a note that has changed is an answer to a race, which happens; anything else
        // is
        // a mistake.
        assertThat(requests.stream()
                        .filter(Request::write)
                        .filter(r -> r.code() >= 400 && r.code() < 500)
                        .filter(r -> !r.tooLateForItsNamespace()))
                .allMatch(r -> r.code() == 404 || r.code() == 409 || r.code() == 429 || r.outdated());
    }
}
