/** What plays kubelet, Patroni and cert-manager where there are no nodes. */
@NullMarked
package com.smoketurner.postgres.testing.standin;

import org.jspecify.annotations.NullMarked;
