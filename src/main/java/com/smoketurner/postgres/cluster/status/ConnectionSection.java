package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConnectionInfo;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.naming.Names;

/** Where clients connect, and to which version of PostgreSQL. */
final class ConnectionSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        report.serverVersion()
                .ifPresent(version -> draft.fields().serverVersion(version).currentVersion(version.split("\\.", 2)[0]));
        draft.fields().connectionInfo(info(report.view()));
    }

    private static ConnectionInfo info(ClusterView view) {
        Names names = view.names();
        boolean readers = view.podInputs().membersOf(view.cluster()) > 1;
        return new ConnectionInfo(
                names.host(names.primaryService()) + ":5432",
                readers ? names.host(names.replicaService()) + ":5432" : null,
                view.spec().poolerEnabled() ? names.host(names.pooler()) + ":6432" : null,
                view.spec().replicaPoolerEnabled() ? names.host(names.replicaPooler()) + ":6432" : null,
                SecretText.of(view.observed().internal(), InternalSecret.CONNECTION)
                                .isPresent()
                        ? names.connectionSecret()
                        : names.credentialsSecret(),
                "postgres");
    }
}
