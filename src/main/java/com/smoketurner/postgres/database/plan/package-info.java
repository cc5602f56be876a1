/**
 * What a PostgresDatabase changes in a server, as pure functions of the spec and of what the server has: facts are read by one
 * query for each database, the answer is a list of typed statements, and there is none where both agree.
 */
@NullMarked
package com.smoketurner.postgres.database.plan;

import org.jspecify.annotations.NullMarked;
