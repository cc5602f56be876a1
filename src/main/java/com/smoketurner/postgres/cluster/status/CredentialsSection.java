package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.CredentialsStatus;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/** How often and when passwords were set. */
final class CredentialsSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        Optional<Secret> internal = report.view().observed().internal();
        draft.fields()
                .credentials(SecretText.of(internal, InternalSecret.PASSWORDS_REVISION)
                        .map(revision -> new CredentialsStatus(
                                Long.valueOf(revision),
                                SecretText.of(internal, InternalSecret.PASSWORDS_CHANGED)
                                        .orElse(null)))
                        .orElse(null));
    }
}
