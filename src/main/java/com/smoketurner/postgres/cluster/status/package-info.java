/** What is said about a cluster: phase, conditions, status and events, all pure functions of what was observed. */
@NullMarked
package com.smoketurner.postgres.cluster.status;

import org.jspecify.annotations.NullMarked;
