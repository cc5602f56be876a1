/** Who reaches the members over the network and what they reach: {@code spec.networkPolicy}. */
@NullMarked
package com.smoketurner.postgres.cluster.network;

import org.jspecify.annotations.NullMarked;
