/** Real PostgreSQL under a real Kubernetes: what users see and lose, or do not lose. */
@NullMarked
package com.smoketurner.postgres.e2e;

import org.jspecify.annotations.NullMarked;
