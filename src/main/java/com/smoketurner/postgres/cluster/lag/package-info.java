/** How far replicas are behind, and whether they are read from. */
@NullMarked
package com.smoketurner.postgres.cluster.lag;

import org.jspecify.annotations.NullMarked;
