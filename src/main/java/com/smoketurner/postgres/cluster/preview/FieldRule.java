package com.smoketurner.postgres.cluster.preview;

import java.util.Map;

/** What a field of the spec costs where its change leaves the pods as they are. */
record FieldRule(Cost cost, String text) {

    private static final Map<String, FieldRule> RULES = Map.ofEntries(
            Map.entry("labels", new FieldRule(Cost.NOTHING, "labels change on running objects")),
            Map.entry("storage", new FieldRule(Cost.NOTHING, "it counts when the cluster is deleted")),
            Map.entry("service", new FieldRule(Cost.NOTHING, "Services change, no member does")),
            Map.entry("pgbouncer", new FieldRule(Cost.NOTHING, "the pooler changes, no member does")),
            Map.entry("backup", new FieldRule(Cost.NOTHING, "it counts from the next backup on")),
            Map.entry("scaling", new FieldRule(Cost.NOTHING, "the autoscaler changes, no member does")),
            Map.entry("networkPolicy", new FieldRule(Cost.NOTHING, "network policies change, no member does")),
            Map.entry("metrics", new FieldRule(Cost.NOTHING, "no pod changes")),
            Map.entry("resources", new FieldRule(Cost.NOTHING, "no pod changes")),
            Map.entry("image", new FieldRule(Cost.NOTHING, "no pod changes")),
            Map.entry("imagePullSecrets", new FieldRule(Cost.NOTHING, "no pod changes")),
            Map.entry("placement", new FieldRule(Cost.NOTHING, "no pod changes")),
            Map.entry("failover", new FieldRule(Cost.RELOAD, "Patroni takes it over")),
            Map.entry("replication", new FieldRule(Cost.RELOAD, "Patroni takes it over")),
            Map.entry("tls", new FieldRule(Cost.RELOAD, "the certificate is issued anew and loaded by a reload")),
            Map.entry("hibernate", new FieldRule(Cost.RECREATE, "all members stop, or start again")),
            Map.entry("version", new FieldRule(Cost.RECREATE, "all members are upgraded")),
            Map.entry("restore", new FieldRule(Cost.NOT_POSSIBLE, "it cannot be changed after creation")));

    private static final FieldRule UNKNOWN = new FieldRule(Cost.RECREATE, "not known here; count on the worst");

    static boolean knows(String field) {
        return RULES.containsKey(field);
    }

    static FieldRule of(String field) {
        return RULES.getOrDefault(field, UNKNOWN);
    }
}
