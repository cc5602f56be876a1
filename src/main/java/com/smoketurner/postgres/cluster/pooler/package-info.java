/** PgBouncer in front of the members: one pooler for the primary and, on request, one for the replicas. */
@NullMarked
package com.smoketurner.postgres.cluster.pooler;

import org.jspecify.annotations.NullMarked;
