/** KEDA as the autoscaler of the members: its objects, and what it may do when. */
@NullMarked
package com.smoketurner.postgres.cluster.autoscaling;

import org.jspecify.annotations.NullMarked;
