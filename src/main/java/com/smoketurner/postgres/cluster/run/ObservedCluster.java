package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.patroni.ConfigRecord;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.FailoverRecord;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.patroni.MemberRecord;
import com.smoketurner.postgres.patroni.SyncRecord;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The observed state, as the watches told it.
 *
 * @param members the pods, by ordinal
 * @param positions how far each is in the write-ahead log
 * @param leader Patroni's leader record; absent before the first election
 * @param config Patroni's Endpoints with the dynamic configuration; absent before the first member is bootstrapped
 * @param failover a switchover or failover that has been requested and is not done
 * @param sync who is synchronous; absent with asynchronous replication
 * @param cordoned those of the members' nodes that take no new pods
 * @param statefulSet the StatefulSet of the members
 * @param claims the volume claims, also of members that are gone
 * @param credentials the Secret with the users' passwords
 * @param internal the operator's own Secret
 * @param backupSettings the Secret with the settings of the backup engine
 * @param restoreSettings the same for the source of a restore
 * @param verification the restore test that runs or ran last
 * @param poolersReady pods of the poolers that are ready
 * @param autoscaler KEDA, and its objects of this cluster
 * @param poolers the pods of the poolers, by name
 * @param tls the Secret that cert-manager writes
 * @param caBundle the authorities that are trusted
 * @param certificate the Certificate behind it
 * @param certManager whether the API of cert-manager is served
 * @param issuerMissing the issuer of a certificate that is not issued does not exist
 */
public record ObservedCluster(
        List<Member> members,
        WalPositions positions,
        Optional<LeaderRecord> leader,
        Optional<Endpoints> config,
        Optional<FailoverRecord> failover,
        Optional<SyncRecord> sync,
        Set<String> cordoned,
        Optional<StatefulSet> statefulSet,
        List<PersistentVolumeClaim> claims,
        Optional<Secret> credentials,
        Optional<Secret> internal,
        Optional<Secret> backupSettings,
        Optional<Secret> restoreSettings,
        Optional<Verification> verification,
        int poolersReady,
        Autoscaler autoscaler,
        List<PoolerPod> poolers,
        Optional<Secret> tls,
        Optional<ConfigMap> caBundle,
        Optional<GenericKubernetesResource> certificate,
        boolean certManager,
        boolean issuerMissing) {

    /** How long after its time to live a leader record still counts: clocks of nodes differ. */
    private static final Duration SKEW = Duration.ofSeconds(20);

    /**
     * The member that clients can write to: it holds the leader key, has said so in its label, is Ready, and its promotion
     * has ended. Nothing when the record has not been renewed for longer than it is good for.
     */
    public Optional<Member> primary(Instant now) {
        return leader.filter(record -> !expired(record, now))
                .flatMap(record -> members.stream()
                        .filter(member -> member.name().equals(record.leader()))
                        .findFirst())
                .filter(Member::serves);
    }

    /** Whether the leader keeps its key while its server stops for a restart that somebody has ordered. */
    public boolean leaderRestarts(Instant now) {
        return leader.filter(record -> !expired(record, now)).isPresent()
                && leaderMember()
                        .map(Member::patroni)
                        .filter(MemberRecord::isRestarting)
                        .isPresent();
    }

    /** The member that holds the leader key and says so, Ready or not. */
    public Optional<Member> leaderMember() {
        return leader.flatMap(record -> members.stream()
                .filter(member -> member.name().equals(record.leader()) && member.primary())
                .findFirst());
    }

    /**
     * The member of this name, which has to be one of those observed.
     *
     * @throws java.util.NoSuchElementException if it is not
     */
    public Member member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Patroni's dynamic configuration; nothing before the first member is bootstrapped. */
    public Optional<DynamicConfig> dynamicConfig() {
        return config.map(endpoints -> endpoints.getMetadata().getAnnotations())
                .flatMap(ConfigRecord::of)
                .flatMap(record -> Optional.ofNullable(record.config()));
    }

    private static boolean expired(LeaderRecord record, Instant now) {
        Instant renewed = record.renewTime();
        Integer ttl = record.ttl();
        return renewed != null
                && ttl != null
                && now.isAfter(renewed.plusSeconds(ttl).plus(SKEW));
    }

    public int ready() {
        return (int) members.stream().filter(Member::ready).count();
    }

    /** The size in the StatefulSet's claim template; nothing without one. */
    public Optional<Quantity> claimSize() {
        return statefulSet
                .map(set -> set.getSpec().getVolumeClaimTemplates())
                .filter(templates -> !templates.isEmpty())
                .map(templates -> templates
                        .getFirst()
                        .getSpec()
                        .getResources()
                        .getRequests()
                        .get("storage"));
    }

    /** The same while there is no StatefulSet. */
    ObservedCluster withoutStatefulSet() {
        return new ObservedCluster(
                members,
                positions,
                leader,
                config,
                failover,
                sync,
                cordoned,
                Optional.empty(),
                claims,
                credentials,
                internal,
                backupSettings,
                restoreSettings,
                verification,
                poolersReady,
                autoscaler,
                poolers,
                tls,
                caBundle,
                certificate,
                certManager,
                issuerMissing);
    }

    /** The same when the autoscaler has let go of the cluster. */
    public ObservedCluster withoutAutoscaler() {
        return new ObservedCluster(
                members,
                positions,
                leader,
                config,
                failover,
                sync,
                cordoned,
                statefulSet,
                claims,
                credentials,
                internal,
                backupSettings,
                restoreSettings,
                verification,
                poolersReady,
                Autoscaler.NONE,
                poolers,
                tls,
                caBundle,
                certificate,
                certManager,
                issuerMissing);
    }

    /** When the certificate expires, as cert-manager writes it; nothing before it is issued. */
    public Optional<String> certificateExpiresAt() {
        return certificate
                .map(object -> object.get("status", "notAfter"))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    /** Whether cert-manager has issued what the members need. */
    public boolean certificateIssued() {
        return tls.map(Secret::getData)
                .filter(data -> data.containsKey("tls.crt") && data.containsKey("tls.key"))
                .isPresent();
    }
}
