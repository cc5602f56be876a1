/** The order of everything that disturbs members: pure functions from spec and observed state to one next step. */
@NullMarked
package com.smoketurner.postgres.cluster.plan;

import org.jspecify.annotations.NullMarked;
