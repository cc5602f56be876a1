package com.smoketurner.postgres.api;

/** Patterns and CEL rules that several fields share, with their messages. */
final class Rules {
    static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    static final String DNS_SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    static final String DNS_NAME_OR_WILDCARD =
            "^(\\*\\.)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$";
    static final String ENDPOINT = "^https?://[^/\\s?#]+(/[^\\s?#]*)?$";
    static final String TIME_ZONE = "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$";

    /** An unquoted PostgreSQL identifier in lower case. */
    static final String IDENTIFIER = "^[a-z_][a-z0-9_]*$";

    static final String CLUSTER_NAME_PATTERN = "^[a-z]([-a-z0-9]*[a-z0-9])?$";
    static final String CLUSTER_NAME_SUFFIXES =
            "-(primary|repl|headless|config|failover|sync|leader|pooler|pooler-repl|metrics)$";
    static final String CLUSTER_NAME_MESSAGE =
            "cluster name must be a DNS label of at most 50 characters and must not end in a reserved suffix";

    static final String DURATION_PATTERN = "^([0-9]+([.][0-9]+)?(ms|s|m|h|d|w))+$";
    static final String DURATION = "self.matches('" + DURATION_PATTERN + "')";
    static final String DURATION_MESSAGE = "must be a duration such as 90s, 5m, 2h30m, 2160h, 30d or 2w";

    /** CEL: the seconds of a duration are {@code SECONDS_OF + field + SECONDS}; CEL itself knows neither d nor w. */
    static final String SECONDS =
            ".findAll('[0-9]+([.][0-9]+)?(ms|s|m|h|d|w)').map(p, double(p.find('^[0-9.]+')) * (p.endsWith('ms') ? 0.001"
                    + " : p.endsWith('s') ? 1.0 : p.endsWith('m') ? 60.0 : p.endsWith('h') ? 3600.0"
                    + " : p.endsWith('d') ? 86400.0 : 604800.0)).sum()";

    static final String QUANTITY = "isQuantity(string(self)) && !quantity(string(self)).isLessThan(quantity('0'))";
    static final String QUANTITY_MESSAGE = "must be a Kubernetes quantity such as 500m, 2 or 4Gi";

    static final String SIZE_PATTERN = "^[0-9]+([.][0-9]+)?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$";
    static final String SIZE = "self.matches('" + SIZE_PATTERN + "') && quantity(self).isGreaterThan(quantity('0'))";
    static final String SIZE_MESSAGE = "storage.size must be a valid Kubernetes quantity (e.g., '10Gi', '500Mi')";

    static final String RFC3339_PATTERN = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3])"
            + ":[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";
    static final String RFC3339 = "self.matches('" + RFC3339_PATTERN + "')";
    static final String RFC3339_MESSAGE =
            "must be an RFC 3339 time with Z or an offset, for example 2024-01-15T10:30:00Z";

    static final String CRON =
            "self.matches('^([0-9A-Za-z*/,-]+[ ]+){4}[0-9A-Za-z*/,-]+$|^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$')";
    static final String CRON_MESSAGE =
            "must be a cron schedule of five fields, or one of @hourly, @daily, @weekly, @monthly, @yearly";

    static final String LABEL_KEYS = "self.all(k, !format.qualifiedName().validate(k).hasValue())";
    static final String LABEL_KEYS_MESSAGE = "keys must be valid label keys, for example team or example.com/team";
    static final String LABEL_VALUE_PATTERN = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    static final String BUCKET_PATH = "!self.startsWith('/') && !self.split('/').exists(p, p == '..')";
    static final String BUCKET_PATH_MESSAGE = "must not start with / and must not contain ..";

    static final String ROLE_NAME =
            "!(self.startsWith('pg_') || self.startsWith('postgres_operator_') || self in ['postgres', 'standby', 'admin', 'pgbouncer_auth'])";
    static final String ROLE_NAME_MESSAGE =
            "is a reserved role name: pg_*, postgres, standby, admin, pgbouncer_auth and"
                    + " postgres_operator_* belong to PostgreSQL or to the operator";

    private Rules() {}
}
