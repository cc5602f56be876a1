/** Servers without a cluster. */
@NullMarked
package com.smoketurner.postgres.testing.server;

import org.jspecify.annotations.NullMarked;
