package com.smoketurner.postgres.database;

/**
 * What the operator's configuration permits.
 *
 * @param privileged whether a PostgresDatabase in the namespace of its cluster may ask for what reaches beyond its database
 */
public record DatabaseRights(boolean privileged) {}
