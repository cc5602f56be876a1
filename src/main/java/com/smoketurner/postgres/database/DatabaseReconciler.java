package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresDatabaseStatus;
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

/** Says that a PostgresDatabase is not supported yet. */
@ControllerConfiguration(
        name = "postgresdatabase",
        fieldManager = ApiGroup.FIELD_MANAGER,
        informer = @Informer(informerListLimit = OwnedCaches.PAGE))
public final class DatabaseReconciler implements Reconciler<PostgresDatabase> {

    private final Clock clock;
    private final StatusWriter<PostgresDatabaseStatus, PostgresDatabase> statuses =
            new StatusWriter<>(PostgresDatabase::new);

    DatabaseReconciler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public UpdateControl<PostgresDatabase> reconcile(PostgresDatabase database, Context<PostgresDatabase> context) {
        PostgresDatabaseStatus before = database.getStatus();
        statuses.write(
                context,
                database,
                PostgresDatabaseStatus.builder()
                        .conditions(UnsupportedKind.conditions(
                                database, before == null ? List.of() : before.conditions(), clock.instant()))
                        .build());
        return UpdateControl.noUpdate();
    }
}
