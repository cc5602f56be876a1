package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Quotas, limit ranges and admission policies that let no pod or volume be created are quoted in the conditions. */
@ExtendWith(ApiServer.class)
class RefusedObjectsApiTest {
    private final Namespace classes;

    RefusedObjectsApiTest(Namespace ns) {
        this.classes = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    /** A namespace of its own, because what refuses objects refuses those of all tests. */
    private Namespace namespace(String purpose) {
        return Namespace.create(
                classes.lab(), classes.client(), classes.name() + "-" + purpose, Map.of("refuses", classes.name()));
    }

    private static void awaitMessage(Cluster cluster, String type, String status, String... said) {
        Waiting.untilAsserted(type + " says why", Waiting.SHORT, () -> {
            var condition = Objects.requireNonNull(cluster.condition(type));
            assertThat(condition.status()).isEqualTo(status);
            assertThat(condition.message()).contains(said);
        });
    }

    private static void quota(Namespace ns, int pods) {
        ns.apply("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: few}
                spec: {hard: {pods: "%d"}}
                """.formatted(pods));
    }

    @Test
    void aQuotaThatRefusesFurtherMembersOrOneThatComesBack() {
        Namespace ns = namespace("quota");
        quota(ns, 2);
        Cluster cluster = ns.apply(Manifest.cluster("quo").noTls().replicas(2)).awaitPhase("Running");
        cluster.patch("{\"spec\":{\"replicas\":3}}");
        awaitMessage(cluster, "ReplicasReady", "False", "2/3 members ready", "pod quo-2", "FailedCreate", "quota: few");
        awaitMessage(cluster, "Progressing", "True", "exceeded quota: few");
        awaitMessage(cluster, "Degraded", "True", "exceeded quota: few");
        assertThat(Objects.requireNonNull(cluster.condition("Progressing")).reason())
                .isEqualTo("Scaling");
        cluster.patch("{\"spec\":{\"service\":{\"annotations\":{\"example.com/edited\":\"meanwhile\"}}}}");
        Waiting.until(
                "another change is made meanwhile",
                Waiting.SHORT,
                () -> ns.get("service", "quo-primary")
                        .at("/metadata/annotations")
                        .toString(),
                annotations -> annotations.contains("meanwhile"));
        quota(ns, 3);
        ns.kubectl("annotate", "statefulset", "quo", "example.com/retry=now").orThrow();
        cluster.awaitPhase("Running");
        assertThat(Objects.requireNonNull(cluster.condition("ReplicasReady")).message())
                .isEqualTo("3/3 members ready");

        quota(ns, 1);
        ns.kubectl("delete", "pod", "quo-1", "--wait=false").orThrow();
        awaitMessage(cluster, "Degraded", "True", "pod quo-1", "exceeded quota: few");
        awaitMessage(cluster, "Progressing", "False", "no change in progress", "exceeded quota: few");
        ns.delete();
    }

    @Test
    void aPolicyThatRefusesTheFirstMember() {
        Namespace ns = namespace("policy");
        ns.apply("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  matchConstraints:
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                    resourceRules:
                      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
                  validations:
                    - {expression: "has(object.metadata.labels.team)", message: every pod names its team}
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec: {policyName: %1$s, validationActions: [Deny]}
                """.formatted(ns.name()));
        Waiting.until(
                "the policy is in force",
                Waiting.SHORT,
                () -> ns.kubectl("run", "probe", "--image=none", "--dry-run=server"),
                answer -> !answer.ok());
        Cluster cluster = ns.apply(Manifest.cluster("teamless").noTls());
        assertThat(cluster.awaitCondition("Ready", "False", "MemberNotCreated").message())
                .contains("0/1 members ready", "pod teamless-0", "every pod names its team");
        assertThat(cluster.phase()).isEqualTo("Creating");
        cluster.patch("{\"spec\":{\"labels\":{\"team\":\"platform\"}}}");
        cluster.awaitPhase("Running");
        for (String kind : List.of("validatingadmissionpolicybinding", "validatingadmissionpolicy")) {
            ns.kubectl("delete", kind, ns.name()).orThrow();
        }
        ns.delete();
    }

    @Test
    void aLimitRangeThatRefusesTheVolume() {
        Namespace ns = namespace("limits");
        ns.apply("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: small}
                spec:
                  limits: [{type: PersistentVolumeClaim, max: {storage: 500Mi}}]
                """);
        Cluster cluster = ns.apply(Manifest.cluster("large").noTls());
        assertThat(cluster.awaitCondition("Ready", "False", "MemberNotCreated").message())
                .contains("pod large-0", "data-large-0", "maximum storage usage", "500Mi");
        ns.delete();
    }

    @Test
    void aVolumeThatIsNotProvisioned() {
        Namespace ns = namespace("volume");
        ApiServer.members().hold(ns.name());
        Cluster cluster =
                ns.apply(Manifest.cluster("slow").noTls().with("no-such-class", "spec", "storage", "storageClass"));
        assertThat(cluster.awaitCondition("Ready", "False", "MemberNotCreated").message())
                .contains("data-slow-0", "no-such-class");
        ApiServer.members().release(ns.name());
        ns.delete();
    }
}
