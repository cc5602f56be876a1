package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.Durations;
import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code <c>-tls}: the certificate of the members, issued by cert-manager into the Secret of the same name. */
public final class TlsCertificate {
    public static final String API_VERSION = "cert-manager.io/v1";
    public static final String GROUP = "cert-manager.io";
    public static final String KIND = "Certificate";

    private TlsCertificate() {}

    public static Optional<GenericKubernetesResource> of(PostgresCluster cluster, Settings settings) {
        if (!cluster.getSpec().tlsEnabled()) {
            return Optional.empty();
        }
        return Optional.of(of(
                cluster,
                settings,
                Metadata.of(cluster, Names.of(cluster).tls(), Component.TLS),
                // pgBackRest knows members by it; and many clients refuse to read a certificate without a subject that
                // signs itself.
                cluster.getMetadata().getName(),
                dnsNames(cluster, settings),
                List.of("server auth", "client auth", "digital signature", "key encipherment")));
    }

    /**
     * A certificate by the issuer of the members; its Secret has its name and labels.
     *
     * @param commonName other than that of the members, who admit each other by it
     */
    public static GenericKubernetesResource of(
            PostgresCluster cluster,
            Settings settings,
            ObjectMeta metadata,
            String commonName,
            List<String> dnsNames,
            List<String> usages) {
        var tls = cluster.getSpec().tlsOrDefault();
        var spec = new LinkedHashMap<String, Object>();
        spec.put("secretName", metadata.getName());
        spec.put("secretTemplate", Map.of("labels", metadata.getLabels()));
        spec.put("issuerRef", reference(issuerOf(cluster, settings)));
        spec.put("commonName", commonName);
        spec.put("dnsNames", dnsNames);
        spec.put("duration", goDuration(tls.durationOrDefault()));
        spec.put("renewBefore", goDuration(tls.renewBeforeOrDefault()));
        spec.put("privateKey", privateKey());
        spec.put("usages", usages);
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withMetadata(metadata)
                .addToAdditionalProperties("spec", spec)
                .build();
    }

    /** The issuer: the spec's, else the operator's default, else the cluster's own. */
    public static IssuerRef issuerOf(PostgresCluster cluster, Settings settings) {
        var named = cluster.getSpec().tlsOrDefault().issuerRef();
        if (named != null) {
            return named;
        }
        var fallback = settings.defaultIssuer();
        return fallback != null ? fallback : OwnAuthority.issuer(cluster);
    }

    static Map<String, Object> reference(IssuerRef issuer) {
        var reference = new LinkedHashMap<String, Object>();
        var name = issuer.name();
        reference.put("name", name == null ? "" : name);
        reference.put("kind", issuer.kindOrDefault());
        reference.put("group", issuer.groupOrDefault());
        return reference;
    }

    private static Map<String, Object> privateKey() {
        var key = new LinkedHashMap<String, Object>();
        key.put("algorithm", "RSA");
        key.put("encoding", "PKCS8");
        key.put("size", 4096);
        key.put("rotationPolicy", "Always");
        return key;
    }

    /** Every name a client may use for a Service or a member, then the user's. */
    static List<String> dnsNames(PostgresCluster cluster, Settings settings) {
        var names = Names.of(cluster);
        var services =
                List.of(names.primaryService(), names.replicaService(), names.headlessService(), names.leaderService());
        var dnsNames = new LinkedHashSet<String>();
        for (var service : services) {
            dnsNames.addAll(names(cluster, settings, service));
        }
        var members = "*." + names.host(names.headlessService());
        dnsNames.add(members);
        dnsNames.add(members + "." + settings.clusterDomain());
        dnsNames.add("localhost");
        dnsNames.addAll(cluster.getSpec().tlsOrDefault().additionalDnsNames());
        return new ArrayList<>(dnsNames);
    }

    /** Every name a client may use for a Service. */
    public static List<String> names(PostgresCluster cluster, Settings settings, String service) {
        var names = Names.of(cluster);
        return List.of(
                service,
                service + "." + names.namespace(),
                names.host(service),
                names.host(service) + "." + settings.clusterDomain());
    }

    /** cert-manager knows no days and weeks. */
    private static String goDuration(String text) {
        if (text.indexOf('d') < 0 && text.indexOf('w') < 0) {
            return text;
        }
        var duration = Durations.parse(text);
        var go = new StringBuilder().append(duration.toHours()).append('h');
        if (duration.toMinutesPart() > 0 || duration.toSecondsPart() > 0) {
            go.append(duration.toMinutesPart()).append('m');
        }
        if (duration.toSecondsPart() > 0) {
            go.append(duration.toSecondsPart()).append('s');
        }
        return go.toString();
    }
}
