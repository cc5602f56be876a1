package com.smoketurner.postgres.cluster.preview;

import java.util.Map;

/** What the change of a field does where it leaves the pod template as it is. */
record FieldImpact(Impact impact, String text) {

    private static final Map<String, FieldImpact> RULES = Map.ofEntries(
            Map.entry("labels", new FieldImpact(Impact.NOTHING, "applied to running objects")),
            Map.entry("storage", new FieldImpact(Impact.NOTHING, "takes effect when the cluster is deleted")),
            Map.entry("service", new FieldImpact(Impact.NOTHING, "only Services change")),
            Map.entry("pgbouncer", new FieldImpact(Impact.NOTHING, "only the pooler changes")),
            Map.entry(
                    "scaling",
                    new FieldImpact(
                            Impact.NOTHING,
                            "only the autoscaler changes, which adds and removes members within the bounds")),
            Map.entry("networkPolicy", new FieldImpact(Impact.NOTHING, "only network policies change")),
            Map.entry("metrics", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("resources", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("image", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("imagePullSecrets", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("placement", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("failover", new FieldImpact(Impact.RELOAD, "Patroni reloads its configuration")),
            Map.entry("replication", new FieldImpact(Impact.RELOAD, "Patroni reloads its configuration")),
            Map.entry("tls", new FieldImpact(Impact.RELOAD, "the certificate is reissued and reloaded")),
            Map.entry("hibernate", new FieldImpact(Impact.RECREATE, "all members stop or start")),
            Map.entry(
                    "version",
                    new FieldImpact(
                            Impact.UPGRADE,
                            "nobody can write while the primary is converted; then the replicas are copied from it, one by one; there is no way back once status.versionUpgrade.state is Opening")),
            Map.entry("restore", new FieldImpact(Impact.NOT_POSSIBLE, "immutable after creation")));

    private static final FieldImpact UNKNOWN =
            new FieldImpact(Impact.RECREATE, "unknown field: assume that pods are recreated");

    /**
     * Whether there is a rule.
     *
     * @param field a field of the spec, or one below {@code backup} with dots
     */
    static boolean knows(String field) {
        return RULES.containsKey(field) || BackupImpact.knows(field);
    }

    static FieldImpact of(String field) {
        return RULES.getOrDefault(field, UNKNOWN);
    }
}
