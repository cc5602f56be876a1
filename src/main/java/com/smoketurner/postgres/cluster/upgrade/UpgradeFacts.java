package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.ConfigRecord;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.LeaderRecord;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a change to another major version depends on.
 *
 * @param view what was observed
 * @param backups what the repository holds; absent without a destination
 */
record UpgradeFacts(ClusterView view, Optional<BackupFacts> backups) {

    /** The primary stops when its replicas have everything. */
    private static final long MOST_LAG = 16L << 20;

    /**
     * The facts of a cluster.
     *
     * @param repository what its repository answered last
     */
    static UpgradeFacts of(ClusterView view, Optional<RepositoryListing.Answer> repository) {
        return new UpgradeFacts(
                view, view.spec().walArchived() ? Optional.of(BackupFacts.of(view, repository)) : Optional.empty());
    }

    String running() {
        return view.cluster().runningMajor();
    }

    String wanted() {
        return view.spec().version();
    }

    /** Whether a newer version is requested than the one that runs. */
    boolean asked() {
        return view.cluster().upgradeRequested();
    }

    /** As it is shown so far. */
    Optional<VersionUpgrade> shown() {
        return view.cluster().versionUpgrade();
    }

    /** The attempt that begins now. */
    String id() {
        String uid = view.cluster().getMetadata().getUid();
        return "%s-%s-%d-%s"
                .formatted(
                        running(),
                        wanted(),
                        view.cluster().getMetadata().getGeneration(),
                        uid.substring(0, Math.min(8, uid.length())));
    }

    Optional<Member> primary() {
        return view.observed().primary(view.now());
    }

    /** Who holds Patroni's leader key. */
    Optional<String> leader() {
        return view.observed().leader().map(LeaderRecord::leader);
    }

    /** When the primary was promoted. */
    Optional<Instant> leadsSince() {
        return view.observed().leader().map(LeaderRecord::acquireTime);
    }

    Optional<Member> member(@Nullable String name) {
        return view.observed().members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst();
    }

    /** What a member reports of an attempt. */
    static Optional<UpgradeReport> report(Member member, String id) {
        return Optional.ofNullable(member.upgrade()).filter(report -> id.equals(report.id()));
    }

    /** Whether Patroni is told to leave the servers alone. */
    boolean paused() {
        return view.observed().dynamicConfig().filter(DynamicConfig::paused).isPresent();
    }

    /** Members in service whose Patroni does not know that yet; the others take over from nobody. */
    List<String> unpaused() {
        return names(member -> member.inService()
                && (member.patroni() == null || !member.patroni().paused()));
    }

    /** The system identifier of the data that is the cluster's. */
    Optional<String> systemId() {
        return view.observed()
                .config()
                .flatMap(endpoints -> ConfigRecord.of(endpoints.getMetadata().getAnnotations()))
                .map(ConfigRecord::systemId);
    }

    /** A member that is in the middle of an upgrade of which no status tells. */
    Optional<Member> inTheMiddle() {
        return view.observed().members().stream()
                .filter(member -> member.upgrade() != null && member.upgrade().stopping())
                .findFirst();
    }

    /** Members whose image does not have the programs for their data. */
    List<String> unsupported() {
        return names(member -> member.upgrade() != null && member.upgrade().state() == UpgradeReport.State.UNSUPPORTED);
    }

    /** Members whose data is of the former version. */
    List<Member> waiting() {
        return view.observed().members().stream()
                .filter(Member::waitsWithFormerData)
                .toList();
    }

    /** What has to end before an upgrade can begin. */
    Optional<String> obstacle() {
        String hash = Objects.requireNonNullElse(
                view.podTemplate().getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH), "");
        List<String> outdated = names(member -> !hash.equals(member.templateHash()));
        List<String> away = names(member -> !serves(member) || member.pendingRestart());
        if (primary().isEmpty()) {
            return Optional.of("waiting for a primary");
        }
        if (paused()) {
            return Optional.of("Patroni is paused: run patronictl resume");
        }
        if (!outdated.isEmpty() || view.observed().members().size() != view.desired()) {
            return Optional.of("the rolling update comes first: waiting for %s".formatted(or(outdated, "members")));
        }
        if (!away.isEmpty()) {
            return Optional.of("waiting for %s to be in service".formatted(String.join(", ", away)));
        }
        List<String> behind = names(member -> !member.primary() && lag(member) > MOST_LAG);
        if (!behind.isEmpty()) {
            return Optional.of("waiting for %s to catch up".formatted(String.join(", ", behind)));
        }
        return view.observed().members().stream()
                .map(Member::backupJob)
                .filter(job -> job != null && job.running())
                .findFirst()
                .map(job -> "waiting for the job %s of the backup engine on %s".formatted(job.id(), job.member()));
    }

    /** Whether a member is a primary or a copy of one that is up to date as it changes. */
    static boolean serves(Member member) {
        return member.inService() && (member.primary() || member.streaming());
    }

    private long lag(Member member) {
        return view.observed()
                .positions()
                .lag(primary().orElseThrow().name(), member.name())
                .orElse(0);
    }

    private static String or(List<String> names, String otherwise) {
        return names.isEmpty() ? otherwise : String.join(", ", names);
    }

    /** Whether a backup that began at that time or later is in the repository of the version that runs. */
    boolean backedUpSince(Instant time) {
        return backups.flatMap(BackupFacts::listing).stream()
                .flatMap(listing -> listing.usable().stream())
                .map(Backup::stopped)
                .anyMatch(stopped -> !stopped.isBefore(time));
    }

    /** Why the last backup failed; nothing otherwise. */
    Optional<String> backupError() {
        return backups.flatMap(BackupFacts::lastBackupJob)
                .filter(BackupJob::failed)
                .map(BackupJob::error);
    }

    private List<String> names(Predicate<Member> which) {
        return view.observed().members().stream()
                .filter(which)
                .map(Member::name)
                .toList();
    }
}
