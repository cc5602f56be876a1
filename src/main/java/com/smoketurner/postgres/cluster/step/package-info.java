/** The steps of a reconciliation: one small bean for each sub-resource of a cluster. */
@NullMarked
package com.smoketurner.postgres.cluster.step;

import org.jspecify.annotations.NullMarked;
