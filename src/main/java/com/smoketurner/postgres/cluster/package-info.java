/**
 * The PostgresCluster: what is observed of it, the steps that bring it to what is requested, and the status that tells
 * the truth about it.
 */
@NullMarked
package com.smoketurner.postgres.cluster;

import org.jspecify.annotations.NullMarked;
