package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.RebuildRecord;
import com.smoketurner.postgres.naming.Annotations;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the members are as copies of the data, from what was observed of a cluster. */
public final class ReplicaHealths {

    private ReplicaHealths() {}

    public static List<ReplicaHealth> of(ClusterView view) {
        return view.observed().members().stream()
                .filter(member -> !member.waitsWithFormerData())
                .map(member -> replica(view, member))
                .toList();
    }

    private static ReplicaHealth replica(ClusterView view, Member member) {
        RebuildRecord record = RebuildRecord.of(view, member);
        boolean leads = view.observed().leaderMember().filter(member::equals).isPresent();
        return new ReplicaHealth(
                member.name(),
                member.ordinal(),
                leads,
                member.ready() && !member.terminating() && (leads || member.streaming()),
                member.cloning(),
                ReplicaFault.of(member, leads),
                member.brokenSince(),
                view.observed().positions().byMember().get(member.name()),
                record.ordered(),
                record.rebuilt());
    }

    /** Which replicas are broken, a clause each; empty when every replica is healthy or still starting. */
    public static List<String> broken(ClusterView view) {
        return of(view).stream()
                .filter(replica -> replica.since() != null && replica.fault() != ReplicaFault.NONE)
                .map(replica -> text(replica, view.now()))
                .toList();
    }

    private static String text(ReplicaHealth replica, Instant now) {
        if (replica.cloning()) {
            return "%s is being reinitialized from the primary".formatted(replica.name());
        }
        BrokenSince since = replica.since();
        if (replica.outOfConnections() && since != null) {
            return "the server of %s has had no free connection for Patroni since %s%s; end sessions of applications on it, or raise max_connections (superusers also take the connections that superuser_reserved_connections reserves)"
                    .formatted(replica.name(), since.at(), cause(since));
        }
        String what = replica.fault() == ReplicaFault.DETACHED
                ? "%s has received no WAL from the primary"
                : "the server of %s has not started";
        String line = what.formatted(replica.name()) + (since == null ? "" : " since " + since.at()) + cause(since);
        if (replica.fault() == ReplicaFault.FULL) {
            return line + "; its volume is almost full, raise spec.storage.size";
        }
        return RebuildPlanner.mayBeRebuilt(replica, now)
                ? line
                : "%s; it was already reinitialized at %s: check its log, then set the annotation %s=%s to retry"
                        .formatted(line, replica.rebuilt(), Annotations.REINITIALIZE, replica.name());
    }

    private static String cause(@Nullable BrokenSince since) {
        return since == null || since.cause() == null ? "" : " (%s)".formatted(since.cause());
    }
}
