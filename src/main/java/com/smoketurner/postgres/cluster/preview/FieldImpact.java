package com.smoketurner.postgres.cluster.preview;

import java.util.Map;

/** What a field of the spec costs where its change leaves the pods as they are. */
record FieldImpact(Impact impact, String text) {

    private static final Map<String, FieldImpact> RULES = Map.ofEntries(
            Map.entry("labels", new FieldImpact(Impact.NOTHING, "labels change on running objects")),
            Map.entry("storage", new FieldImpact(Impact.NOTHING, "it counts when the cluster is deleted")),
            Map.entry("service", new FieldImpact(Impact.NOTHING, "Services change, no member does")),
            Map.entry("pgbouncer", new FieldImpact(Impact.NOTHING, "the pooler changes, no member does")),
            Map.entry("backup", new FieldImpact(Impact.NOTHING, "it counts from the next backup on")),
            Map.entry("scaling", new FieldImpact(Impact.NOTHING, "the autoscaler changes, no member does")),
            Map.entry("networkPolicy", new FieldImpact(Impact.NOTHING, "network policies change, no member does")),
            Map.entry("metrics", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("resources", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("image", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("imagePullSecrets", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("placement", new FieldImpact(Impact.NOTHING, "no pod changes")),
            Map.entry("failover", new FieldImpact(Impact.RELOAD, "Patroni takes it over")),
            Map.entry("replication", new FieldImpact(Impact.RELOAD, "Patroni takes it over")),
            Map.entry("tls", new FieldImpact(Impact.RELOAD, "the certificate is issued anew and loaded by a reload")),
            Map.entry("hibernate", new FieldImpact(Impact.RECREATE, "all members stop, or start again")),
            Map.entry("version", new FieldImpact(Impact.RECREATE, "all members are upgraded")),
            Map.entry("restore", new FieldImpact(Impact.NOT_POSSIBLE, "it cannot be changed after creation")));

    private static final FieldImpact UNKNOWN = new FieldImpact(Impact.RECREATE, "not known here; count on the worst");

    static boolean knows(String field) {
        return RULES.containsKey(field);
    }

    static FieldImpact of(String field) {
        return RULES.getOrDefault(field, UNKNOWN);
    }
}
