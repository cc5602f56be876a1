/** The creation of a cluster from backups. */
@NullMarked
package com.smoketurner.postgres.cluster.restore;

import org.jspecify.annotations.NullMarked;
