/** PostgresDatabase: databases, roles, privileges and Secrets that teams ask for in a cluster. */
@NullMarked
package com.smoketurner.postgres.database;

import org.jspecify.annotations.NullMarked;
