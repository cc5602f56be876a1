/** The order of everything that disturbs members: pure functions from what is asked for and what is so to one next step. */
@NullMarked
package com.smoketurner.postgres.cluster.plan;

import org.jspecify.annotations.NullMarked;
