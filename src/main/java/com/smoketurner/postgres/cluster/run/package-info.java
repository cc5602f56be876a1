/** One reconciliation of a cluster: what is observed, what the steps are given, what they answer. */
@NullMarked
package com.smoketurner.postgres.cluster.run;

import org.jspecify.annotations.NullMarked;
