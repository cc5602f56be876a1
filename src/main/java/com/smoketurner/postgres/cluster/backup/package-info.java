/** Backups of a cluster: the settings of the engine in the pods, base backups, retention, and whose the repository is. */
@NullMarked
package com.smoketurner.postgres.cluster.backup;

import org.jspecify.annotations.NullMarked;
