package com.smoketurner.postgres.testing.values;

import com.smoketurner.postgres.cluster.run.Autoscaler;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.patroni.SyncRecord;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a test says of a cluster; of the rest there is nothing, but cert-manager's API is served. */
public final class Observed {
    private final List<Member> members;
    private WalPositions positions = WalPositions.UNKNOWN;
    private Optional<LeaderRecord> leader = Optional.empty();
    private Optional<Endpoints> config = Optional.empty();
    private Optional<SyncRecord> sync = Optional.empty();
    private Optional<StatefulSet> statefulSet = Optional.empty();
    private List<PersistentVolumeClaim> claims = List.of();
    private Autoscaler autoscaler = Autoscaler.NONE;
    private Optional<Secret> tls = Optional.empty();
    private Optional<Secret> backupSettings = Optional.empty();
    private Optional<Secret> restoreSettings = Optional.empty();
    private Optional<Verification> verification = Optional.empty();

    private int poolersReady;
    private List<PoolerPod> poolers = List.of();

    private Observed(List<Member> members) {
        this.members = members;
    }

    public static Observed members(List<Member> members) {
        return new Observed(members);
    }

    public static Observed members(Member... members) {
        return new Observed(List.of(members));
    }

    public Observed positions(WalPositions known) {
        positions = known;
        return this;
    }

    public Observed leader(Optional<LeaderRecord> record) {
        leader = record;
        return this;
    }

    /** This member leads from now on, and has said so now. */
    public Observed leader(String name, Instant now) {
        return leader(Optional.of(new LeaderRecord(name, 0L, 20, now, now, 0, List.of())));
    }

    public Observed config(Optional<Endpoints> endpoints) {
        config = endpoints;
        return this;
    }

    public Observed sync(Optional<SyncRecord> record) {
        sync = record;
        return this;
    }

    public Observed statefulSet(Optional<StatefulSet> set) {
        statefulSet = set;
        return this;
    }

    public Observed claims(List<PersistentVolumeClaim> present) {
        claims = present;
        return this;
    }

    public Observed tls(Secret secret) {
        tls = Optional.of(secret);
        return this;
    }

    public Observed backupSettings(Secret secret) {
        backupSettings = Optional.of(secret);
        return this;
    }

    public Observed restoreSettings(Secret secret) {
        restoreSettings = Optional.of(secret);
        return this;
    }

    public Observed autoscaler(Autoscaler known) {
        autoscaler = known;
        return this;
    }

    public Observed verification(Verification test) {
        verification = Optional.of(test);
        return this;
    }

    public Observed poolers(PoolerPod... pods) {
        return poolers(pods.length, pods);
    }

    /** So many of these are ready. */
    public Observed poolers(int ready, PoolerPod... pods) {
        poolersReady = ready;
        poolers = List.of(pods);
        return this;
    }

    public ObservedCluster build() {
        return new ObservedCluster(
                members,
                positions,
                leader,
                config,
                Optional.empty(),
                sync,
                Set.of(),
                statefulSet,
                claims,
                Optional.empty(),
                Optional.empty(),
                backupSettings,
                restoreSettings,
                verification,
                poolersReady,
                autoscaler,
                poolers,
                tls,
                Optional.empty(),
                Optional.empty(),
                true,
                false);
    }
}
