package com.smoketurner.postgres.upgrade;

import com.smoketurner.postgres.api.PostgresUpgrade;
import com.smoketurner.postgres.api.PostgresUpgradeStatus;
import com.smoketurner.postgres.kube.StatusWriter;
import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.reconcile.UnsupportedKind;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;

/** Says that a PostgresUpgrade is not supported yet. */
@ControllerConfiguration(
        name = "postgresupgrade",
        fieldManager = ApiGroup.FIELD_MANAGER,
        informer = @Informer(informerListLimit = OwnedCaches.PAGE))
public final class UpgradeReconciler implements Reconciler<PostgresUpgrade> {

    private final Clock clock;
    private final StatusWriter<PostgresUpgradeStatus, PostgresUpgrade> statuses =
            new StatusWriter<>(PostgresUpgrade::new);

    UpgradeReconciler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public UpdateControl<PostgresUpgrade> reconcile(PostgresUpgrade upgrade, Context<PostgresUpgrade> context) {
        PostgresUpgradeStatus before = upgrade.getStatus();
        statuses.write(
                context,
                upgrade,
                PostgresUpgradeStatus.builder()
                        .conditions(UnsupportedKind.conditions(
                                upgrade, before == null ? List.of() : before.conditions(), clock.instant()))
                        .build());
        return UpdateControl.noUpdate();
    }
}
