package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.cluster.desired.Ports;
import com.smoketurner.postgres.cluster.desired.Services;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.desired.TlsCertificate;
import com.smoketurner.postgres.naming.Component;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.LinkedHashSet;
import java.util.List;

/** What clients see of a pooler. */
final class PoolerObjects {
    private PoolerObjects() {}

    static Service service(Pooler pooler) {
        var service = Services.client(
                pooler.cluster(), pooler.metadata(pooler.name()), pooler.selector(), Ports.POOLER_NAME, Ports.POOLER);
        return pooler.primary() ? service : Services.forReading(pooler.cluster(), service);
    }

    static PodDisruptionBudget disruptionBudget(Pooler pooler) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(pooler.metadata(pooler.disruptionBudget()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(pooler.selector())
                .endSelector()
                .endSpec()
                .build();
    }

    /** By the issuer of the members, and with the user's names: clients from outside may come here instead. */
    static GenericKubernetesResource certificate(Pooler pooler, Settings settings) {
        var dnsNames = new LinkedHashSet<>(TlsCertificate.names(pooler.cluster(), settings, pooler.name()));
        dnsNames.addAll(pooler.cluster().getSpec().tlsOrDefault().additionalDnsNames());
        return TlsCertificate.of(
                pooler.cluster(),
                settings,
                pooler.metadata(pooler.certificate(), Component.PGBOUNCER_TLS),
                pooler.name(),
                List.copyOf(dnsNames),
                List.of("server auth", "digital signature", "key encipherment"));
    }
}
