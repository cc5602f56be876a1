package com.smoketurner.postgres.naming;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** The names of every object of one cluster. */
public record Names(String namespace, String cluster) {

    /** The names for the given PostgresCluster. */
    public static Names of(HasMetadata cluster) {
        return new Names(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    public String statefulSet() {
        return cluster;
    }

    /** The member with that ordinal. */
    public String pod(int ordinal) {
        return cluster + "-" + ordinal;
    }

    /** The volume claim of the member with that ordinal. */
    public String dataClaim(int ordinal) {
        return "data-" + pod(ordinal);
    }

    /** The Service whose Endpoints Patroni writes. */
    public String leaderService() {
        return cluster;
    }

    /** The Service that keeps Patroni's configuration Endpoints alive. */
    public String configService() {
        return cluster + "-config";
    }

    public String primaryService() {
        return cluster + "-primary";
    }

    public String replicaService() {
        return cluster + "-repl";
    }

    public String headlessService() {
        return cluster + "-headless";
    }

    public String credentialsSecret() {
        return cluster + "-credentials";
    }

    /** The authorities that clients trust. */
    public String caBundle() {
        return cluster + "-ca-bundle";
    }

    /** What clients read where another controller owns the Secret with the passwords. */
    public String connectionSecret() {
        return cluster + "-connection";
    }

    public String internalSecret() {
        return cluster + "-internal";
    }

    public String patroniConfigMap() {
        return cluster + "-patroni-config";
    }

    public String patroniSecret() {
        return cluster + "-patroni";
    }

    /** The ServiceAccount, Role and RoleBinding of the members. */
    public String patroniAccess() {
        return cluster + "-patroni";
    }

    /** The Secret with the settings of the backup engine. */
    public String backupSettings() {
        return cluster + "-backup";
    }

    /** The Secret with the settings of the backup engine for the source of a restore. */
    public String restoreSettings() {
        return cluster + "-restore";
    }

    /** The Job of the restore test. */
    public String verification() {
        return cluster + "-verify";
    }

    public String disruptionBudget() {
        return cluster + "-pdb";
    }

    /** The Certificate of the members and the Secret cert-manager writes for it. */
    public String tls() {
        return cluster + "-tls";
    }

    /** The Issuer, the Certificate and the Secret of the cluster's own certificate authority. */
    public String authority() {
        return cluster + "-ca";
    }

    /** The Issuer that signs the certificate of the authority. */
    public String selfSignedIssuer() {
        return cluster + "-selfsigned";
    }

    public String networkPolicy() {
        return cluster + "-network-policy";
    }

    public String poolerNetworkPolicy() {
        return cluster + "-pooler-network-policy";
    }

    /** The Secret with the role that reads metrics. */
    public String monitoringSecret() {
        return cluster + "-monitoring";
    }

    /** The Service of the members' exporters. */
    public String metricsService() {
        return cluster + "-metrics";
    }

    /** KEDA's object that scales the members. */
    public String scaledObject() {
        return cluster + "-scaledobject";
    }

    /** How KEDA logs in to the members. */
    public String triggerAuthentication() {
        return cluster + "-pg-auth";
    }

    /** The Deployment and the Service of the pooler in front of the primary. */
    public String pooler() {
        return cluster + "-pooler";
    }

    public String poolerConfigMap() {
        return cluster + "-pgbouncer-config";
    }

    public String poolerDisruptionBudget() {
        return pooler() + "-pdb";
    }

    public String poolerTls() {
        return pooler() + "-tls";
    }

    /** The Deployment and the Service of the pooler in front of the replicas. */
    public String replicaPooler() {
        return cluster + "-pooler-repl";
    }

    public String replicaPoolerConfigMap() {
        return cluster + "-pgbouncer-replica-config";
    }

    public String replicaPoolerDisruptionBudget() {
        return replicaPooler() + "-pdb";
    }

    public String replicaPoolerTls() {
        return replicaPooler() + "-tls";
    }

    /** Endpoints with the leader record. */
    public String leaderEndpoints() {
        return cluster;
    }

    /** Endpoints with the dynamic configuration, the initialize key and the history. */
    public String configEndpoints() {
        return cluster + "-config";
    }

    public String failoverEndpoints() {
        return cluster + "-failover";
    }

    public String syncEndpoints() {
        return cluster + "-sync";
    }

    /** All Endpoints Patroni may leave behind; the last one comes from versions that did not use Endpoints. */
    public List<String> patroniEndpoints() {
        return List.of(leaderEndpoints(), configEndpoints(), failoverEndpoints(), syncEndpoints(), cluster + "-leader");
    }

    /** The name under which one member is reached from the whole Kubernetes cluster. */
    public String memberHost(int ordinal) {
        return pod(ordinal) + "." + host(headlessService());
    }

    /** The name under which a Service of this cluster is reached from the whole Kubernetes cluster. */
    public String host(String service) {
        return service + "." + namespace + ".svc";
    }
}
