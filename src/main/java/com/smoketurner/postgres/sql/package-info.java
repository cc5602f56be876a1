/** The operator's own SQL in the pods of servers. */
@NullMarked
package com.smoketurner.postgres.sql;

import org.jspecify.annotations.NullMarked;
