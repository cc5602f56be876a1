/** PostgresDatabase: what a cluster is to have inside. Its behaviour is not in this release. */
@NullMarked
package com.smoketurner.postgres.database;

import org.jspecify.annotations.NullMarked;
