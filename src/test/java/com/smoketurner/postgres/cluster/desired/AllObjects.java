package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All objects a cluster consists of. */
final class AllObjects {
    private AllObjects() {}

    static List<HasMetadata> of(
            PostgresCluster cluster,
            Settings settings,
            PodInputs inputs,
            Passwords passwords,
            InternalSecrets internal) {
        Stream<HasMetadata> always = Stream.of(
                Services.leaderOf(cluster),
                Services.configOf(cluster),
                Services.primaryOf(cluster),
                Services.headlessOf(cluster),
                CredentialsSecret.of(cluster, passwords),
                InternalSecret.of(cluster, internal),
                PatroniSecret.of(cluster, passwords, internal),
                PatroniConfigMap.of(cluster, inputs),
                PatroniAccess.accountOf(cluster),
                PatroniAccess.roleOf(cluster),
                PatroniAccess.roleBindingOf(cluster),
                DisruptionBudgets.of(cluster, inputs),
                StatefulSets.of(cluster, settings, inputs));
        Stream<HasMetadata> optional = Stream.of(
                        Services.replicaOf(cluster, inputs), TlsCertificate.of(cluster, settings))
                .flatMap(Optional::stream);
        Stream<HasMetadata> authority = OwnAuthority.signs(cluster, settings)
                ? Stream.of(
                        OwnAuthority.root(cluster), OwnAuthority.certificate(cluster), OwnAuthority.authority(cluster))
                : Stream.empty();
        return Stream.of(always, optional, authority).flatMap(all -> all).toList();
    }
}
