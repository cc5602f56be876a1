package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.RestoreSourceSpec;
import com.smoketurner.postgres.api.RestoreSpec;
import com.smoketurner.postgres.backup.Engine;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions.Answer;
import com.smoketurner.postgres.cluster.run.RepositoryQuestions.Topic;
import java.util.Optional;

/** What the last answers about the repositories of a cluster mean. */
public final class RepositoryAnswers {

    private RepositoryAnswers() {}

    /** What is in the repository of the cluster's own backups; nothing before it was requested. */
    public static Optional<RepositoryListing.Answer> backups(ClusterView view, RepositoryQuestions questions) {
        return view.spec().backupConfigured()
                ? questions.last(view, Topic.BACKUP).map(answer -> read(backupEngine(view), answer))
                : Optional.empty();
    }

    /** What a listing of the source of a restore means. */
    public static RepositoryListing.Answer source(ClusterView view, Answer answer) {
        return read(restoreEngine(view), answer);
    }

    private static RepositoryListing.Answer read(BackupEngine engine, Answer answer) {
        return RepositoryListing.read(
                Engine.of(engine),
                answer.result().exitCode(),
                answer.result().output(),
                answer.result().error());
    }

    /** The engine of the cluster's own backups. */
    public static BackupEngine backupEngine(ClusterView view) {
        BackupSpec backup = view.spec().backup();
        return backup != null && backup.engine() != null
                ? backup.engine()
                : view.settings().backupEngine();
    }

    /** The engine that wrote the backups to restore from. */
    public static BackupEngine restoreEngine(ClusterView view) {
        RestoreSpec restore = view.spec().restore();
        RestoreSourceSpec source = restore == null ? null : restore.source();
        return source != null && source.engine() != null ? source.engine() : backupEngine(view);
    }
}
