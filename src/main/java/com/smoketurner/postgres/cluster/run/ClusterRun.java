package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.cluster.desired.ClusterFacts;
import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.InternalSecrets;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.PatroniClient;
import com.smoketurner.postgres.patroni.TlsIdentity;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.GeneralSecurityException;
import java.time.Instant;

/**
 * One reconciliation of one cluster: what is asked for, what is so, and the hand that writes.
 *
 * @param now the time that all decisions of this reconciliation are made at
 */
public record ClusterRun(
        PostgresCluster cluster,
        ObservedCluster observed,
        Settings settings,
        Timeouts timeouts,
        Applier applier,
        Instant now) {

    public PostgresClusterSpec spec() {
        return cluster.getSpec();
    }

    public Names names() {
        return Names.of(cluster);
    }

    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    /** What was observed and decides what the objects look like. */
    public ClusterFacts facts() {
        return ClusterFacts.none()
                .withTlsCaPresent(observed.tls()
                        .map(Secret::getData)
                        .filter(data -> data.containsKey("ca.crt"))
                        .isPresent())
                .withClaimSize(observed.statefulSet()
                        .map(set -> set.getSpec().getVolumeClaimTemplates())
                        .filter(templates -> !templates.isEmpty())
                        .map(templates -> templates
                                .getFirst()
                                .getSpec()
                                .getResources()
                                .getRequests()
                                .get("storage"))
                        .orElse(null))
                .withRestartedAt(observed.statefulSet()
                        .map(set -> set.getSpec().getTemplate().getMetadata().getAnnotations())
                        .map(annotations -> annotations.get(Annotations.RESTARTED_AT))
                        .orElse(null));
    }

    /**
     * The REST interface of a member.
     *
     * @throws GeneralSecurityException if the cluster's TLS Secret cannot be read
     */
    public PatroniClient.Member patroni(Member member) throws GeneralSecurityException {
        TlsIdentity identity = spec().tlsEnabled() && observed.tls().isPresent()
                ? TlsIdentity.of(observed.tls().get().getData())
                : null;
        return new PatroniClient.Member(
                namespace(),
                member.name(),
                member.name() + "." + names().host(names().headlessService()),
                identity,
                InternalSecrets.REST_USER,
                SecretText.of(observed.internal(), InternalSecret.REST_PASSWORD).orElse(""));
    }
}
