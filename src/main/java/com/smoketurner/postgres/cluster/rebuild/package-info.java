/**
 * What happens when a replica is broken: {@link ReplicaHealth} says what is wrong with it, {@link RebuildPlanner} decides
 * whether its data is copied from the primary again, {@link RebuildStep} carries that out.
 */
@NullMarked
package com.smoketurner.postgres.cluster.rebuild;

import org.jspecify.annotations.NullMarked;
