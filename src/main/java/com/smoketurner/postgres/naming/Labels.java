package com.smoketurner.postgres.naming;

import com.smoketurner.postgres.api.PostgresCluster;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The labels and selectors of every object of a cluster. */
public final class Labels {
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String COMPONENT = "app.kubernetes.io/component";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String CLUSTER = ApiGroup.key("cluster");

    /** On the members and on the Endpoints Patroni writes; tells the latter from those of ordinary Services. */
    public static final String APPLICATION = "application";

    public static final String APPLICATION_VALUE = "spilo";

    /** Written by Patroni on its own pod. */
    public static final String ROLE = "spilo-role";

    public static final String ROLE_PRIMARY = "master";
    public static final String ROLE_REPLICA = "replica";

    /** Written by Kubernetes: the revision of the StatefulSet that a pod was created from. */
    public static final String REVISION = "controller-revision-hash";

    public static final String HA_MODE = ApiGroup.key("ha-mode");
    public static final String HA_MODE_VALUE = "patroni";

    /** Whether a replica takes part in the read-only Service. */
    public static final String READER = ApiGroup.key("reader");

    public static final String POOLER = ApiGroup.key("pooler");
    public static final String POOLER_TYPE = ApiGroup.key("pooler-type");
    public static final String POOLER_TYPE_PRIMARY = "primary";
    public static final String POOLER_TYPE_REPLICA = "replica";
    public static final String DATABASE = ApiGroup.key("database");
    public static final String UPGRADE = ApiGroup.key("upgrade");
    public static final String UPGRADE_ROLE = ApiGroup.key("upgrade-role");
    public static final String SOURCE_CLUSTER = ApiGroup.key("source-cluster");

    private static final Set<String> RESERVED = Set.of(
            NAME,
            INSTANCE,
            COMPONENT,
            MANAGED_BY,
            CLUSTER,
            APPLICATION,
            ROLE,
            HA_MODE,
            READER,
            POOLER,
            POOLER_TYPE,
            DATABASE,
            UPGRADE,
            UPGRADE_ROLE,
            SOURCE_CLUSTER,
            REVISION,
            "pod-template-hash");

    private Labels() {}

    /** The complete labels of an object: the operator's, and the user's that do not clash with a reserved key. */
    public static SortedMap<String, String> of(PostgresCluster cluster, Component component) {
        var labels = new TreeMap<>(user(cluster));
        labels.putAll(standard(cluster, component));
        return Collections.unmodifiableSortedMap(labels);
    }

    /** The operator's labels alone: they never change, so they fit what can not be changed later. */
    public static SortedMap<String, String> standard(PostgresCluster cluster, Component component) {
        var name = cluster.getMetadata().getName();
        var labels = new TreeMap<String, String>();
        labels.put(NAME, name);
        labels.put(INSTANCE, name);
        labels.put(COMPONENT, component.value());
        labels.put(MANAGED_BY, ApiGroup.OPERATOR);
        labels.put(CLUSTER, name);
        if (component == Component.POSTGRESQL) {
            labels.put(HA_MODE, HA_MODE_VALUE);
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    /** What a member starts with; Patroni adds the role. */
    public static SortedMap<String, String> member(PostgresCluster cluster) {
        var labels = new TreeMap<>(of(cluster, Component.POSTGRESQL));
        labels.putAll(memberOnly());
        return Collections.unmodifiableSortedMap(labels);
    }

    /** What a member starts with, without the user's labels. */
    public static SortedMap<String, String> standardMember(PostgresCluster cluster) {
        var labels = new TreeMap<>(standard(cluster, Component.POSTGRESQL));
        labels.putAll(memberOnly());
        return Collections.unmodifiableSortedMap(labels);
    }

    /** What Patroni puts on its Endpoints, besides the scope label {@link #CLUSTER}; every member carries it too. */
    public static SortedMap<String, String> patroni() {
        var labels = new TreeMap<String, String>();
        labels.put(APPLICATION, APPLICATION_VALUE);
        labels.put(COMPONENT, Component.POSTGRESQL.value());
        labels.put(MANAGED_BY, ApiGroup.OPERATOR);
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Selects the pods of one component of a cluster. */
    public static SortedMap<String, String> selector(PostgresCluster cluster, Component component) {
        var selector = new TreeMap<String, String>();
        selector.put(CLUSTER, cluster.getMetadata().getName());
        selector.put(COMPONENT, component.value());
        return Collections.unmodifiableSortedMap(selector);
    }

    /** Selects the members. */
    public static SortedMap<String, String> memberSelector(PostgresCluster cluster) {
        return selector(cluster, Component.POSTGRESQL);
    }

    /** Selects the leader. */
    public static SortedMap<String, String> primarySelector(PostgresCluster cluster) {
        var selector = new TreeMap<>(memberSelector(cluster));
        selector.put(ROLE, ROLE_PRIMARY);
        return Collections.unmodifiableSortedMap(selector);
    }

    /** Selects the replicas that serve readers. */
    public static SortedMap<String, String> readerSelector(PostgresCluster cluster) {
        var selector = new TreeMap<>(memberSelector(cluster));
        selector.put(ROLE, ROLE_REPLICA);
        selector.put(READER, "true");
        return Collections.unmodifiableSortedMap(selector);
    }

    /** Selects the pods of one pooler: {@link #POOLER_TYPE_PRIMARY} or {@link #POOLER_TYPE_REPLICA}. */
    public static SortedMap<String, String> poolerSelector(PostgresCluster cluster, String type) {
        var selector = new TreeMap<>(selector(cluster, Component.PGBOUNCER));
        selector.put(POOLER_TYPE, type);
        return Collections.unmodifiableSortedMap(selector);
    }

    /** The user's labels that are in force. */
    public static SortedMap<String, String> user(PostgresCluster cluster) {
        var labels = new TreeMap<>(requested(cluster));
        labels.keySet().removeIf(Labels::isReserved);
        return Collections.unmodifiableSortedMap(labels);
    }

    /** The keys of the user's labels that are in force, as the value of {@link Annotations#USER_LABELS}. */
    public static String userKeys(PostgresCluster cluster) {
        return String.join(",", user(cluster).keySet());
    }

    /** The keys of the user's labels that are not in force because they are reserved. */
    public static SortedSet<String> ignored(PostgresCluster cluster) {
        var keys = new TreeSet<>(requested(cluster).keySet());
        keys.removeIf(key -> !isReserved(key));
        return Collections.unmodifiableSortedSet(keys);
    }

    /** Whether users can not set that label. */
    public static boolean isReserved(String key) {
        return RESERVED.contains(key)
                || key.startsWith("statefulset.kubernetes.io/")
                || key.startsWith("apps.kubernetes.io/");
    }

    private static Map<String, String> memberOnly() {
        return Map.of(APPLICATION, APPLICATION_VALUE, READER, "true");
    }

    private static Map<String, String> requested(PostgresCluster cluster) {
        return cluster.getSpec().labels();
    }
}
